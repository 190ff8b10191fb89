package io.pataka.service.blob;

import io.pataka.service.model.BlobId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes one blob: writes the file in {@code incoming}, renames it into its shard, calls fsync for the file, then for the shard. The file
 * is renamed before the fsync, so that one commit of the filesystem's journal makes both durable. The file is created when
 * {@value BufferPool#SMALL} bytes are there. So a small blob is one write, and a body that is refused early never reaches the disk.
 * Memory grows only by the table: four bytes for each block.
 */
final class BlobWriter implements BlobSink {

    private static final Logger LOG = LoggerFactory.getLogger(BlobWriter.class);

    /** After so many bytes the disk begins to write, while more bytes are received. */
    private static final long WRITEBACK = 4L << 20;

    private final Volume volume;
    private final BlobId id;
    private final long expected;
    private final BufferPool<byte[]> buffers;
    private final CRC32C blockCrc = new CRC32C();
    private final byte[] seed = new byte[BlobFormat.SEED];
    private final int failuresBefore;
    private final Writebacks writebacks;

    private byte[] staged;
    private int stagedLength;
    private int[] table = new int[16];
    private int blocks;
    private int inBlock;
    private long size;
    private Filesystem.DiskFile file;
    private Path path;
    private boolean created;
    private long unforced;
    private Writebacks.Writeback writeback;

    BlobWriter(Volume volume, BlobId id, long expected, BufferPool<byte[]> buffers, Writebacks writebacks) {
        this.writebacks = writebacks;
        this.volume = volume;
        this.failuresBefore = volume.failures();
        this.id = id;
        this.expected = expected;
        this.path = volume.layout().incoming(id);
        this.buffers = buffers;
        this.staged = buffers.take(BufferPool.SMALL);
    }

    @Override
    public BlobId id() {
        return id;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws BlobStoreException {
        sum(bytes, offset, length);
        append(bytes, offset, length);
        size += length;
    }

    private void sum(byte[] bytes, int offset, int length) {
        int done = 0;
        while (done < length) {
            if (inBlock == 0) {
                BlobFormat.seed(seed, id, blocks);
                blockCrc.update(seed);
            }
            int step = Math.min(BlobFormat.BLOCK - inBlock, length - done);
            blockCrc.update(bytes, offset + done, step);
            inBlock += step;
            done += step;
            if (inBlock == BlobFormat.BLOCK) {
                endBlock();
            }
        }
    }

    private void endBlock() {
        if (blocks == table.length) {
            table = Arrays.copyOf(table, blocks * 2);
        }
        table[blocks++] = (int) blockCrc.getValue();
        blockCrc.reset();
        inBlock = 0;
    }

    private void append(byte[] bytes, int offset, int length) throws BlobStoreException {
        if (stagedLength + length <= staged.length) {
            System.arraycopy(bytes, offset, staged, stagedLength, length);
            stagedLength += length;
            return;
        }
        flush();
        if (length >= staged.length) {
            toDisk(bytes, offset, length);
        } else {
            System.arraycopy(bytes, offset, staged, 0, length);
            stagedLength = length;
        }
    }

    private void flush() throws BlobStoreException {
        if (stagedLength > 0) {
            toDisk(staged, 0, stagedLength);
            stagedLength = 0;
        }
    }

    private void toDisk(byte[] bytes, int offset, int length) throws BlobStoreException {
        volume.requireWritable(failuresBefore);
        try {
            if (file == null) {
                file = expected >= AlignedBuffers.SIZE
                        ? volume.filesystem().createLarge(path)
                        : volume.filesystem().create(path);
                created = true;
            }
            file.write(bytes, offset, length);
        } catch (IOException e) {
            throw volume.writeFailed("write a blob", e);
        }
        unforced += length;
        if (file.isCached() && unforced >= WRITEBACK && (writeback == null || writeback.isDone())) {
            awaitWriteback();
            unforced = 0;
            writeback = writebacks.begin(volume, file);
        }
    }

    private void awaitWriteback() throws BlobStoreException {
        Writebacks.Writeback begun = writeback;
        writeback = null;
        if (begun != null) {
            begun.await();
        }
    }

    @Override
    public BlobId commit(BlobDescriptor descriptor) throws BlobStoreException {
        if (descriptor.payload().size() != size) {
            throw new IllegalArgumentException("the descriptor has "
                    + descriptor.payload().size() + " bytes of payload, and " + size + " were written");
        }
        if (inBlock > 0) {
            endBlock();
        }
        CRC32C tableCrc = new CRC32C();
        appendTable(tableCrc);
        byte[] described = BlobFormat.encode(descriptor);
        append(described, 0, described.length);
        byte[] tail = BlobFormat.Tail.write(
                id,
                descriptor.payload(),
                described.length,
                (int) tableCrc.getValue(),
                BlobFormat.crc(described, 0, described.length));
        append(tail, 0, tail.length);
        flush();
        handOver();
        volume.prepareShard(id);
        awaitWriteback();
        name();
        volume.force(file);
        close(file);
        volume.forceName(id);
        // The kernel reports the loss of a name to one fsync only. That may have been the fsync of another blob.
        volume.requireWritable(failuresBefore);
        created = false;
        return id;
    }

    private void handOver() throws BlobStoreException {
        try {
            file.flush();
        } catch (IOException e) {
            throw volume.writeFailed("write a blob", e);
        }
    }

    /** Renames the file into its shard. */
    private void name() throws BlobStoreException {
        Path blob = volume.layout().blob(id);
        try {
            volume.filesystem().move(path, blob);
        } catch (IOException e) {
            throw volume.writeFailed("name a blob", e);
        }
        path = blob;
    }

    private void close(Filesystem.DiskFile durable) throws BlobStoreException {
        try {
            durable.close();
        } catch (IOException e) {
            throw volume.writeFailed("close a blob", e);
        }
    }

    private void appendTable(CRC32C crc) throws BlobStoreException {
        ByteBuffer slice = ByteBuffer.allocate(Math.min(blocks, 1024) * BlobFormat.ENTRY);
        for (int block = 0; block < blocks; block++) {
            slice.putInt(table[block]);
            if (!slice.hasRemaining() || block == blocks - 1) {
                crc.update(slice.array(), 0, slice.position());
                append(slice.array(), 0, slice.position());
                slice.clear();
            }
        }
    }

    @Override
    public void close() {
        if (staged != null) {
            buffers.give(staged);
            staged = null;
        }
        if (file != null) {
            try (Filesystem.DiskFile closing = file) {
                awaitWriteback();
            } catch (IOException e) {
                LOG.warn("{} could not close {}", volume, path, e);
            }
        }
        if (created) {
            created = false;
            try {
                volume.filesystem().delete(path);
            } catch (IOException e) {
                LOG.warn("{} keeps {}, which is left to the sweeper", volume, path, e);
            }
        }
    }
}
