package io.pataka.service.blob;

import io.pataka.service.model.BlobId;

/**
 * One directory of blobs on a volume. The id of a blob on a volume has the volume's number in bytes 0 and 1, the shard's index in
 * bytes 2 and 3, and 12 random bytes, of which the last eight are those of the blob whose payload it got, if it got one.
 *
 * @param volume the volume's number
 * @param index 0 to {@link #COUNT} - 1
 */
record Shard(int volume, int index) {

    /** Shards of each volume: two levels of 256. */
    static final int COUNT = 65_536;

    private static final int SHIFT = 32;

    Shard {
        if (index < 0 || index >= COUNT) {
            throw new IllegalArgumentException("a shard's index is 0 to 65535, not " + index);
        }
    }

    /** The shard that a blob lies in. */
    static Shard of(BlobId id) {
        return new Shard(id.store(), index(id));
    }

    /** The index of the shard that a blob lies in. */
    static int index(BlobId id) {
        return (int) (id.high() >>> SHIFT) & 0xFFFF;
    }

    /** An id for a new blob in this shard. */
    BlobId newId() {
        BlobId random = BlobId.random(volume);
        long others = ~(0xFFFFL << SHIFT);
        return new BlobId(random.high() & others | (long) index << SHIFT, random.low());
    }

    /** An id for a blob in this shard that gets the payload of another one. */
    BlobId newId(BlobId original) {
        return new BlobId(newId().high(), original.low());
    }
}
