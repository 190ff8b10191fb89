package io.pataka.service.blob;

import io.pataka.service.model.BlobId;
import io.pataka.service.model.ByteSource;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.OptionalInt;
import java.util.zip.CRC32C;

/**
 * Reads a range of the payload in one blob file. A small file is read whole, in one call, when it is opened. Of a larger file only the
 * tail, the blocks with a byte of the range, and their entries of the table are read.
 */
final class BlobReader implements ByteSource {

    /** Bytes that are read beyond the range: usually enough for the rest of a small file. */
    private static final int ALLOWANCE = 1536;

    private final BlobId id;
    private final Volume volume;
    private final Filesystem.DiskFile file;
    private final BufferPool<byte[]> buffers;
    private final OptionalInt codec;
    private final long offset;
    private final long length;

    private byte[] data;
    private BlobFormat.Tail tail;
    private boolean whole;
    private byte[] slice;
    private long sliceFirst;
    private int sliceCount;

    private BlobReader(
            BlobId id,
            Volume volume,
            Filesystem.DiskFile file,
            BufferPool<byte[]> buffers,
            OptionalInt codec,
            long offset,
            long length) {
        this.id = id;
        this.volume = volume;
        this.file = file;
        this.buffers = buffers;
        this.codec = codec;
        this.offset = offset;
        this.length = length;
    }

    /**
     * Opens a stretch, and closes the file if that fails.
     *
     * @param codec the codec that the payload must have; empty when it does not matter
     */
    static BlobReader open(
            BlobId id,
            Volume volume,
            Filesystem.DiskFile file,
            BufferPool<byte[]> buffers,
            OptionalInt codec,
            long offset,
            long length)
            throws BlobStoreException {
        BlobReader reader = new BlobReader(id, volume, file, buffers, codec, offset, length);
        boolean opened = false;
        try {
            reader.begin();
            opened = true;
            return reader;
        } finally {
            if (!opened) {
                reader.close();
            }
        }
    }

    private void begin() throws BlobStoreException {
        if (offset < 0 || length < 0) {
            throw new IllegalArgumentException("no stretch: " + offset + ", " + length);
        }
        data = buffers.take(offset + length + ALLOWANCE);
        if (offset + length + ALLOWANCE <= data.length) {
            int read = read(data, 0, data.length, 0);
            // The read ended at the end of the file, so this is all of it.
            whole = read < data.length;
            if (whole) {
                tail = tail(data, read, read);
            }
        }
        if (!whole) {
            if (data.length < BlobFormat.BLOCK) {
                buffers.give(data);
                data = null;
                data = buffers.take(BufferPool.LARGE);
            }
            tail = readTail();
        }
        if (codec.isPresent() && codec.getAsInt() != tail.codec()) {
            throw new BlobFormatUnknownException(
                    name() + "its payload has codec " + tail.codec() + ", not " + codec.getAsInt());
        }
        if (offset + length > tail.payload()) {
            throw new BlobDamagedException(
                    "the blob has " + tail.payload() + " bytes, fewer than " + (offset + length));
        }
        if (whole && length > 0) {
            verifyWhole();
        }
    }

    private BlobFormat.Tail readTail() throws BlobStoreException {
        long fileSize;
        try {
            fileSize = file.size();
        } catch (IOException e) {
            throw volume.readFailed("read a blob", e);
        }
        byte[] bytes = new byte[(int) Math.min(BlobFormat.TAIL, fileSize)];
        readFully(bytes, 0, bytes.length, fileSize - bytes.length);
        return tail(bytes, bytes.length, fileSize);
    }

    private BlobFormat.Tail tail(byte[] bytes, int end, long fileSize) throws BlobStoreException {
        try {
            return BlobFormat.Tail.read(bytes, end, fileSize, id);
        } catch (BlobDamagedException e) {
            throw damaged(e.getMessage());
        } catch (BlobFormatUnknownException e) {
            throw new BlobFormatUnknownException(name() + e.getMessage());
        }
    }

    private BlobDamagedException damaged(String message) {
        return new BlobDamagedException(name() + message);
    }

    private String name() {
        return "blob " + id + " on " + volume + ": ";
    }

    @Override
    public long length() {
        return length;
    }

    @Override
    public void transferTo(OutputStream out) throws IOException {
        if (length == 0) {
            return;
        }
        if (whole) {
            out.write(data, (int) offset, (int) length);
            return;
        }
        long end = offset + length;
        long block = offset / BlobFormat.BLOCK;
        long position = block * BlobFormat.BLOCK;
        while (position < end) {
            long stop = Math.min(Math.min(roundUp(end), position + data.length), tail.payload());
            int count = (int) (stop - position);
            readFully(data, 0, count, position);
            for (int at = 0; at < count; at += BlobFormat.BLOCK) {
                verify(data, at, block++);
            }
            int from = (int) Math.max(0, offset - position);
            int to = (int) Math.min(count, end - position);
            out.write(data, from, to - from);
            position = stop;
        }
    }

    /** Verifies the checksums of all blocks of the stretch. */
    void verifyPayload() throws BlobStoreException {
        try {
            transferTo(OutputStream.nullOutputStream());
        } catch (BlobStoreException e) {
            throw e;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Verifies a file that is in memory, so damage is found before the first byte is sent. */
    private void verifyWhole() throws BlobDamagedException {
        int first = (int) (offset / BlobFormat.BLOCK);
        int last = (int) ((offset + length - 1) / BlobFormat.BLOCK);
        for (int block = first; block <= last; block++) {
            int entry = (int) tail.tableOffset() + block * BlobFormat.ENTRY;
            compare(data, block * BlobFormat.BLOCK, block, ByteBuffer.wrap(data).getInt(entry));
        }
    }

    private static long roundUp(long position) {
        return BlobFormat.blocks(position) * BlobFormat.BLOCK;
    }

    private void verify(byte[] bytes, int at, long block) throws BlobStoreException {
        if (slice == null || block < sliceFirst || block >= sliceFirst + sliceCount) {
            loadSlice(block);
        }
        int entry = (int) (block - sliceFirst) * BlobFormat.ENTRY;
        compare(bytes, at, block, ByteBuffer.wrap(slice).getInt(entry));
    }

    private void compare(byte[] bytes, int at, long block, int expected) throws BlobDamagedException {
        if (tail.blockCrc(id, block, bytes, at) != expected) {
            throw damaged("the checksum of block " + block + " is wrong");
        }
    }

    private void loadSlice(long block) throws BlobStoreException {
        if (slice == null) {
            slice = buffers.take(BufferPool.SMALL);
        }
        sliceFirst = block;
        sliceCount = (int) Math.min(slice.length / BlobFormat.ENTRY, BlobFormat.blocks(tail.payload()) - block);
        readFully(slice, 0, sliceCount * BlobFormat.ENTRY, tail.tableOffset() + block * BlobFormat.ENTRY);
    }

    /** Reads the descriptor. */
    BlobDescriptor descriptor() throws BlobStoreException {
        byte[] bytes = new byte[tail.descriptor()];
        readFully(bytes, 0, bytes.length, tail.descriptorOffset());
        if (BlobFormat.crc(bytes, 0, bytes.length) != tail.descriptorCrc()) {
            throw damaged("the checksum of the descriptor is wrong");
        }
        BlobDescriptor descriptor;
        try {
            descriptor = BlobFormat.decode(bytes, tail.codec());
        } catch (BlobDamagedException e) {
            throw damaged(e.getMessage());
        }
        if (descriptor.payload().size() != tail.payload()) {
            throw damaged("the descriptor and the tail have different sizes");
        }
        return descriptor;
    }

    /** Reads the table and compares its checksum. */
    void verifyTable() throws BlobStoreException {
        CRC32C crc = new CRC32C();
        long position = tail.tableOffset();
        while (position < tail.descriptorOffset()) {
            int count = (int) Math.min(data.length, tail.descriptorOffset() - position);
            readFully(data, 0, count, position);
            crc.update(data, 0, count);
            position += count;
        }
        whole = false;
        if ((int) crc.getValue() != tail.tableCrc()) {
            throw damaged("the checksum of the table is wrong");
        }
    }

    long payload() {
        return tail.payload();
    }

    private void readFully(byte[] into, int at, int count, long position) throws BlobStoreException {
        int done = 0;
        while (done < count) {
            int read = read(into, at + done, count - done, position + done);
            if (read == 0) {
                throw damaged("the file ends early");
            }
            done += read;
        }
    }

    private int read(byte[] into, int at, int count, long position) throws BlobStoreException {
        try {
            return file.read(into, at, count, position);
        } catch (IOException e) {
            throw volume.readFailed("read a blob", e);
        }
    }

    @Override
    public void close() {
        if (data != null) {
            buffers.give(data);
            data = null;
        }
        if (slice != null) {
            buffers.give(slice);
            slice = null;
        }
        try {
            file.close();
        } catch (IOException e) {
            volume.readFailed("close a blob", e);
        }
    }
}
