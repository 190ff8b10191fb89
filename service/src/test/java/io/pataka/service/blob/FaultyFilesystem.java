package io.pataka.service.blob;

import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;

/** The local filesystem, in which chosen calls fail. It records the order of the calls on which durability depends. */
final class FaultyFilesystem implements Filesystem {

    /** The calls that can be made to fail. */
    enum Call {
        CREATE,
        OPEN,
        MOVE,
        FORCE_DIRECTORY,
        READ,
        WRITE,
        FLUSH,
        FORCE
    }

    private final Filesystem real = new LocalFilesystem();
    private final List<String> log = new ArrayList<>();
    private Call failing;
    private int after;
    private String reason;
    private boolean crashed;
    private boolean once;
    private boolean hangs;
    private boolean descriptors = true;
    private long usable = Long.MAX_VALUE / 4;
    private Call held;
    private CountDownLatch arrived;
    private CountDownLatch released;

    /** From now on, a call of this kind fails, once {@code after} of them went well. */
    synchronized void fail(Call call, int after, String reason) {
        this.failing = call;
        this.after = after;
        this.reason = reason;
    }

    /** The next call of this kind fails, and no other one. */
    synchronized void failOnce(Call call, String why) {
        fail(call, 0, why);
        once = true;
    }

    /** From this call on, the process is as if killed: this call and all later ones only fail. */
    synchronized void crash(Call call, int after) {
        fail(call, after, "killed");
        this.crashed = true;
    }

    /** The next call of this kind does not return before {@link #release()}. */
    synchronized CountDownLatch hold(Call call) {
        held = call;
        released = new CountDownLatch(1);
        arrived = new CountDownLatch(1);
        return arrived;
    }

    synchronized void release() {
        released.countDown();
    }

    synchronized void heal() {
        failing = null;
        crashed = false;
        once = false;
    }

    /** Whether the process has file descriptors left. */
    void descriptors(boolean left) {
        descriptors = left;
    }

    /** A call to learn the free space does not return. */
    void hang() {
        hangs = true;
    }

    void usable(long bytes) {
        usable = bytes;
    }

    synchronized List<String> log() {
        return List.copyOf(log);
    }

    private void call(Call call, Path path) throws IOException {
        judge(call, path);
        CountDownLatch until = null;
        synchronized (this) {
            if (held == call) {
                held = null;
                until = released;
                arrived.countDown();
            }
        }
        if (until != null) {
            try {
                until.await();
            } catch (InterruptedException e) {
                throw new InterruptedIOException();
            }
        }
    }

    private synchronized void judge(Call call, Path path) throws IOException {
        if (failing == call && after-- <= 0 || crashed && after < 0) {
            if (once) {
                heal();
            }
            throw new FileSystemException(path.toString(), null, reason);
        }
        log.add(call + " " + path.getFileName());
    }

    private synchronized void requireAlive(Path path) throws IOException {
        if (crashed && after < 0) {
            throw new FileSystemException(path.toString(), null, reason);
        }
    }

    @Override
    public DiskFile create(Path file) throws IOException {
        call(Call.CREATE, file);
        return new FaultyFile(file, real.create(file));
    }

    @Override
    public DiskFile createLarge(Path file) throws IOException {
        call(Call.CREATE, file);
        return new FaultyFile(file, real.createLarge(file));
    }

    @Override
    public DiskFile open(Path file) throws IOException {
        call(Call.OPEN, file);
        return new FaultyFile(file, real.open(file));
    }

    @Override
    public void move(Path from, Path to) throws IOException {
        call(Call.MOVE, to);
        real.move(from, to);
    }

    @Override
    public boolean delete(Path file) throws IOException {
        requireAlive(file);
        return real.delete(file);
    }

    @Override
    public void createDirectory(Path directory) throws IOException {
        requireAlive(directory);
        real.createDirectory(directory);
    }

    @Override
    public void forceDirectory(Path directory) throws IOException {
        call(Call.FORCE_DIRECTORY, directory);
        real.forceDirectory(directory);
    }

    @Override
    public boolean exists(Path path) {
        return real.exists(path);
    }

    @Override
    public Closeable lock(Path file) throws IOException {
        return real.lock(file);
    }

    @Override
    @SuppressWarnings("StreamResourceLeak") // The caller closes it.
    public Stream<Path> list(Path directory) throws IOException {
        return real.list(directory);
    }

    @Override
    public Instant changed(Path file) throws IOException {
        return real.changed(file);
    }

    @Override
    public boolean canOpenFiles() {
        return descriptors;
    }

    @Override
    public long usable(Path path) {
        if (hangs) {
            throw new AssertionError("a disk that hangs was called");
        }
        return usable;
    }

    @Override
    public long total(Path path) {
        return Long.MAX_VALUE / 2;
    }

    private final class FaultyFile implements DiskFile {

        private final Path path;
        private final DiskFile file;

        FaultyFile(Path path, DiskFile file) {
            this.path = path;
            this.file = file;
        }

        @Override
        public int read(byte[] into, int offset, int length, long position) throws IOException {
            call(Call.READ, path);
            return file.read(into, offset, length, position);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            call(Call.WRITE, path);
            file.write(bytes, offset, length);
        }

        @Override
        public void flush() throws IOException {
            call(Call.FLUSH, path);
            file.flush();
        }

        @Override
        public boolean isCached() {
            return file.isCached();
        }

        @Override
        public void force() throws IOException {
            call(Call.FORCE, path);
            file.force();
        }

        @Override
        public long size() throws IOException {
            return file.size();
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }
}
