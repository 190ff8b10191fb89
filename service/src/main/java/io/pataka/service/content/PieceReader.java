package io.pataka.service.content;

import io.pataka.service.blob.BlobDamagedException;
import io.pataka.service.blob.BlobGoneException;
import io.pataka.service.blob.BlobStoreException;
import io.pataka.service.model.BlobId;
import io.pataka.service.model.ByteSource;
import io.pataka.service.model.UndecodableBlockException;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the pieces of a content one after the other. One piece is open at a time. */
final class PieceReader implements ByteSource {

    private static final Logger LOG = LoggerFactory.getLogger(PieceReader.class);

    private final Opener opener;
    private final List<Contents.Piece> pieces;
    private final long length;
    private ByteSource open;

    /** Opens a piece. */
    interface Opener {
        ByteSource open(Contents.Piece piece) throws IOException;
    }

    /** Opens the first piece. */
    PieceReader(Opener opener, List<Contents.Piece> pieces) throws IOException {
        this.opener = opener;
        this.pieces = List.copyOf(pieces);
        this.length = pieces.stream().mapToLong(Contents.Piece::length).sum();
        if (!pieces.isEmpty()) {
            this.open = open(pieces.get(0));
        }
    }

    private ByteSource open(Contents.Piece piece) throws IOException {
        try {
            return openTwice(piece);
        } catch (BlobStoreException e) {
            throw failure(piece.blob(), e);
        }
    }

    /** Opens twice, since bytes may change on the way from the disk and not on the disk. */
    private ByteSource openTwice(Contents.Piece piece) throws IOException {
        try {
            return opener.open(piece);
        } catch (BlobDamagedException e) {
            LOG.warn("a blob is opened again: {}", e.getMessage());
            return opener.open(piece);
        }
    }

    /** What the failure of a store means for the content of a blob that was read. */
    static IOException failure(BlobId blob, BlobStoreException e) {
        if (e instanceof BlobGoneException) {
            return new ContentMissingException(blob);
        }
        return e instanceof BlobDamagedException
                ? new ContentDamagedException(blob, e)
                : new StorageFailedException(e.getMessage(), e);
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
            try (ByteSource source = open) {
                source.transferTo(out);
            } catch (BlobStoreException e) {
                throw failure(pieces.get(i).blob(), e);
            } catch (UndecodableBlockException e) {
                LOG.error(
                        "blob {} has the right checksums, but {}: the blob or its row was changed, or blobs were exchanged",
                        pieces.get(i).blob(),
                        e.getMessage());
                throw new ContentDamagedException(pieces.get(i).blob(), e);
            }
        }
    }

    private ByteSource following(Contents.Piece piece) throws IOException {
        try {
            return open(piece);
        } catch (ContentMissingException e) {
            throw new ContentDamagedException(e.blob(), e);
        }
    }

    @Override
    public void close() {
        if (open != null) {
            open.close();
        }
    }
}
