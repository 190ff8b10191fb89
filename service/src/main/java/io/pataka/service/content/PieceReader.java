package io.pataka.service.content;

import io.pataka.service.blob.BlobSource;
import io.pataka.service.blob.BlobStore;
import io.pataka.service.blob.BlobStoreException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;

/** Reads the pieces of a content one after the other; only one of them is open at a time. */
final class PieceReader implements ContentReader {

    private final BlobStore store;
    private final List<Contents.Piece> pieces;
    private final long length;
    private BlobSource open;

    /** Opens the first piece. */
    PieceReader(BlobStore store, List<Contents.Piece> pieces) throws IOException {
        this.store = store;
        this.pieces = List.copyOf(pieces);
        this.length = pieces.stream().mapToLong(Contents.Piece::length).sum();
        if (!pieces.isEmpty()) {
            this.open = open(pieces.get(0));
        }
    }

    private BlobSource open(Contents.Piece piece) throws IOException {
        try {
            return store.open(piece.blob(), piece.offset(), piece.length());
        } catch (BlobStoreException e) {
            throw new StorageFailedException(e.getMessage(), e);
        }
    }

    @Override
    public long length() {
        return length;
    }

    @Override
    public void transferTo(OutputStream out) throws IOException {
        for (int i = 0; i < pieces.size(); i++) {
            if (i > 0) {
                open = following(pieces.get(i));
            }
            try (BlobSource source = open) {
                source.transferTo(out);
            } catch (BlobStoreException e) {
                throw new StorageFailedException(e.getMessage(), e);
            }
        }
    }

    private BlobSource following(Contents.Piece piece) throws IOException {
        try {
            return open(piece);
        } catch (FileNotFoundException e) {
            throw new StorageFailedException(e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        if (open != null) {
            open.close();
        }
    }
}
