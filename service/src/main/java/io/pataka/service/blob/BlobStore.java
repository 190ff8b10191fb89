package io.pataka.service.blob;

import io.pataka.service.model.BlobId;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Write-once blobs, named by a random {@link BlobId} and never by a key. A blob is there whole or not at all, but for one that was
 * being written, and that nobody was told of, when the power failed; every byte that is read was verified against the checksum of
 * its block. What fails in the store is a {@link BlobStoreException}, so that callers can tell it from a client that went away.
 */
public interface BlobStore {

    /**
     * Begins a blob on a volume of the storage class.
     *
     * @param expected bytes to come, or 0 when unknown: chooses a volume with room for them
     * @throws VolumeFullException when no volume has the room
     * @throws VolumeFailedException when no volume that works serves the class
     */
    BlobSink create(String storageClass, long expected) throws BlobStoreException;

    /**
     * Opens a stretch of a blob.
     *
     * @param offset of the first byte wanted
     * @param length bytes wanted
     * @throws java.io.FileNotFoundException when there is no such blob
     * @throws BlobDamagedException when the file is not a whole blob, is another blob's or is shorter than the stretch
     * @throws BlobFormatUnknownException when a later release wrote the file
     * @throws VolumeFailedException when the volume cannot be read, is not mounted, or is not configured here
     */
    BlobSource open(BlobId id, long offset, long length) throws IOException;

    /**
     * What the blob says about itself, also in quarantine.
     *
     * @throws java.io.FileNotFoundException when there is no such blob
     * @throws BlobDamagedException when the descriptor or the tail is damaged
     */
    BlobDescriptor describe(BlobId id) throws IOException;

    /**
     * Removes a blob, and what lies in quarantine of it. A file that is another blob's is not removed, unless that blob is whole
     * without it.
     *
     * @return whether it was there
     * @throws BlobMisplacedException when a file under the blob's name is another blob's
     */
    boolean delete(BlobId id) throws BlobStoreException;

    /** Whether a volume can be written and read now, which is tried. */
    boolean isWell(int volume);

    /** The numbers of the volumes, ascending. */
    List<Integer> volumes();

    /** The blobs of a shard, read from the directory as the stream is; to be closed. */
    Stream<BlobEntry> walk(Shard shard) throws BlobStoreException;

    /**
     * Reads a whole blob and verifies every byte of its file.
     *
     * @throws java.io.FileNotFoundException when there is no such blob
     * @throws BlobDamagedException naming the first region that is wrong
     */
    void verify(BlobId id) throws IOException;

    /**
     * Moves files that lie under the name of this blob, also in quarantine, but are other blobs', back under their own names,
     * durably.
     *
     * @return the blobs that have their own names because of it
     */
    Set<BlobId> putBack(BlobId id) throws BlobStoreException;

    /**
     * Moves a damaged blob aside, to {@code <volume>/quarantine}, unless there is a file of the same name. What is not damaged of it
     * can still be read.
     *
     * @return where it lies now
     * @throws java.io.FileNotFoundException when there is no such blob
     */
    Path quarantine(BlobId id) throws IOException;

    /** The blobs in quarantine on a volume. */
    List<BlobId> quarantined(int volume) throws BlobStoreException;

    /**
     * Moves a blob back from quarantine, durably.
     *
     * @return false when there is a file where it belongs; nothing is moved then
     * @throws java.io.FileNotFoundException when it is not there
     */
    boolean release(BlobId id) throws IOException;

    /**
     * Removes what uploads that never ended left in {@code incoming} of a volume.
     *
     * @param age only files that nothing was written to for so long
     * @return how many were removed
     */
    int sweepIncoming(int volume, Duration age) throws BlobStoreException;

    /**
     * A blob found on a walk.
     *
     * @param changed when the file was written or renamed last
     */
    record BlobEntry(BlobId id, Instant changed) {}
}
