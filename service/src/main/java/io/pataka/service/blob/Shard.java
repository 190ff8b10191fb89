package io.pataka.service.blob;

/**
 * One leaf directory of blobs.
 *
 * @param volume the volume's number
 * @param index 0 to {@link #COUNT} - 1
 */
public record Shard(int volume, int index) {

    /** Shards of each volume: two levels of 256. */
    public static final int COUNT = 65_536;

    public Shard {
        if (index < 0 || index >= COUNT) {
            throw new IllegalArgumentException("a shard's index is 0 to 65535, not " + index);
        }
    }
}
