package io.pataka.service.operation;

import io.pataka.service.content.ContentMissingException;
import io.pataka.service.content.ContentRefusedException;
import io.pataka.service.content.ContentRefusedException.Reason;
import io.pataka.service.content.Contents;
import io.pataka.service.content.IntakePlan;
import io.pataka.service.content.PendingBlob;
import io.pataka.service.content.PendingContent;
import io.pataka.service.content.checksum.RunningChecksum;
import io.pataka.service.model.BlobId;
import io.pataka.service.model.ByteSource;
import io.pataka.service.model.Checksum;
import io.pataka.service.model.ChecksumAlgorithm;
import io.pataka.service.model.ETag;
import io.pataka.service.model.ObjectKey;
import io.pataka.service.model.Placement;
import io.pataka.service.model.StoredForm;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.commons.codec.digest.DigestUtils;

/** Blobs in memory, for tests of operations. */
public final class MemoryContents implements Contents {

    private final Map<BlobId, byte[]> blobs = new HashMap<>();
    private Runnable beforeOpen = () -> {};
    private Runnable whileReceiving = () -> {};

    /** How many blobs there are. */
    public int count() {
        return blobs.size();
    }

    public void put(BlobId blob, byte[] bytes) {
        blobs.put(blob, bytes);
    }

    public void delete(BlobId blob) {
        blobs.remove(blob);
    }

    /** An action to run between the look at the index and the opening of the blob. */
    public void beforeOpen(Runnable meanwhile) {
        this.beforeOpen = meanwhile;
    }

    /** An action to run once while the next body is received. */
    public void whileReceiving(Runnable meanwhile) {
        this.whileReceiving = () -> {
            whileReceiving = () -> {};
            meanwhile.run();
        };
    }

    @Override
    public PendingContent receive(InputStream body, IntakePlan plan) throws IOException {
        whileReceiving.run();
        byte[] bytes = body.readAllBytes();
        if (bytes.length > plan.maxLength()) {
            throw new ContentRefusedException(Reason.TOO_LONG, "too long");
        }
        if (plan.length().isPresent() && bytes.length < plan.length().getAsLong()) {
            throw new ContentRefusedException(Reason.TOO_SHORT, "too short");
        }
        if (plan.contentMd5().isPresent() && !Arrays.equals(plan.contentMd5().get(), DigestUtils.md5(bytes))) {
            throw ContentRefusedException.otherMd5(DigestUtils.md5(bytes));
        }
        List<Checksum> computed = new ArrayList<>();
        for (ChecksumAlgorithm algorithm : plan.compute()) {
            RunningChecksum checksum = RunningChecksum.of(algorithm);
            checksum.update(bytes, 0, bytes.length);
            String value = Base64.getEncoder().encodeToString(checksum.value());
            computed.add(new Checksum(algorithm, Checksum.Type.FULL_OBJECT, value));
        }
        if (!computed.containsAll(plan.announced().get())) {
            throw new ContentRefusedException(Reason.CHECKSUM, "other checksum");
        }
        return pending(bytes, plan.placement().form(), computed);
    }

    private PendingContent pending(byte[] bytes, StoredForm form, List<Checksum> checksums) {
        BlobId blob = BlobId.random(0);
        blobs.put(blob, bytes);
        ETag etag = form.etag(DigestUtils.md5(bytes));
        return new PendingContent() {
            private boolean kept;

            @Override
            public BlobId blob() {
                return blob;
            }

            @Override
            public long size() {
                return bytes.length;
            }

            @Override
            public ETag etag() {
                return etag;
            }

            @Override
            public List<Checksum> checksums() {
                return checksums;
            }

            @Override
            public void keep() {
                kept = true;
            }

            @Override
            public void close() {
                if (!kept) {
                    blobs.remove(blob);
                }
            }
        };
    }

    @Override
    public ByteSource open(List<Piece> pieces) throws IOException {
        beforeOpen.run();
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (Piece piece : pieces) {
            byte[] blob = blobs.get(piece.blob());
            if (blob == null) {
                throw new ContentMissingException(piece.blob());
            }
            all.write(blob, (int) piece.offset(), (int) piece.length());
        }
        return new ByteSource() {
            @Override
            public long length() {
                return all.size();
            }

            @Override
            public void transferTo(OutputStream out) throws IOException {
                all.writeTo(out);
            }

            @Override
            public void close() {}
        };
    }

    @Override
    public PendingContent copy(
            List<Piece> pieces, long bucketId, ObjectKey key, Placement placement, Set<ChecksumAlgorithm> compute)
            throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        try (ByteSource reader = open(pieces)) {
            reader.transferTo(all);
        }
        return pending(all.toByteArray(), placement.form(), List.of());
    }

    @Override
    public boolean isIn(String storageClass, BlobId blob) {
        return false;
    }

    @Override
    public PendingBlob copyPayload(BlobId blob, long size, long bucketId, ObjectKey key, String storageClass)
            throws IOException {
        Piece all = new Piece(blob, StoredForm.PLAIN, size, 0, size);
        return copy(List.of(all), bucketId, key, new Placement(storageClass, StoredForm.PLAIN), Set.of());
    }
}
