package io.pataka.service.blob;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/**
 * A new file whose bytes are written past the page cache, one full buffer at a time. A large object would replace many small ones in
 * the cache, and copying it there costs more than everything but its MD5. The last bytes, which do not fill the buffer, are written
 * through the cache, since the length of a write past it must be a multiple of the filesystem's block.
 */
final class UncachedFile implements Filesystem.DiskFile {

    private final FileChannel ordinary;
    private final FileChannel uncached;
    private final AlignedBuffers buffers;
    private ByteBuffer filling;
    private long written;

    /**
     * @param ordinary the file as the page cache has it
     * @param uncached the same file past the page cache
     * @param filling goes back to {@code buffers} with {@link #close}
     */
    UncachedFile(FileChannel ordinary, FileChannel uncached, ByteBuffer filling, AlignedBuffers buffers) {
        this.ordinary = ordinary;
        this.uncached = uncached;
        this.filling = filling;
        this.buffers = buffers;
    }

    @Override
    public int read(byte[] into, int offset, int length, long position) {
        throw new IllegalStateException("a new file is written, not read");
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        int done = 0;
        while (done < length) {
            int step = Math.min(filling.remaining(), length - done);
            filling.put(bytes, offset + done, step);
            done += step;
            if (!filling.hasRemaining()) {
                drainTo(uncached);
            }
        }
    }

    @Override
    public void flush() throws IOException {
        drainTo(ordinary);
    }

    private void drainTo(FileChannel channel) throws IOException {
        filling.flip();
        while (filling.hasRemaining()) {
            written += channel.write(filling, written);
        }
        filling.clear().limit(AlignedBuffers.SIZE);
    }

    @Override
    public boolean isCached() {
        return false;
    }

    @Override
    public void force() throws IOException {
        ordinary.force(false);
    }

    @Override
    public long size() throws IOException {
        return ordinary.size();
    }

    @Override
    public void close() throws IOException {
        if (filling == null) {
            return;
        }
        buffers.give(filling);
        filling = null;
        try (ordinary;
                uncached) {
            // both are closed, whatever becomes of the other
        }
    }
}
