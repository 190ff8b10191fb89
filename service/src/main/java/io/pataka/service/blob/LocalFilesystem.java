package io.pataka.service.blob;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import com.sun.nio.file.ExtendedOpenOption;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The filesystem of this machine. */
final class LocalFilesystem implements Filesystem {

    private static final Logger LOG = LoggerFactory.getLogger(LocalFilesystem.class);
    private static final Set<OpenOption> NEW = Set.of(CREATE_NEW, WRITE);
    private static final Set<OpenOption> LOCKED = Set.of(CREATE, WRITE);
    private static final Set<OpenOption> OLD = Set.of(READ);
    private static final FileAttribute<Set<PosixFilePermission>> FILE_MODE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-r-----"));
    private static final FileAttribute<Set<PosixFilePermission>> DIRECTORY_MODE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-x---"));

    private static final Set<OpenOption> UNCACHED = Set.of(WRITE, ExtendedOpenOption.DIRECT);

    // The channel would keep a direct copy of each thread's largest array for ever; these live only as long as one
    // call.
    private final BufferPool<ByteBuffer> direct = new BufferPool<>(ByteBuffer::allocateDirect, ByteBuffer::capacity);
    private final AlignedBuffers aligned = new AlignedBuffers();
    private final Map<Path, Boolean> alignable = new ConcurrentHashMap<>();

    @Override
    public DiskFile create(Path file) throws IOException {
        return new LocalFile(FileChannel.open(file, NEW, FILE_MODE));
    }

    @Override
    public DiskFile createLarge(Path file) throws IOException {
        FileChannel ordinary = FileChannel.open(file, NEW, FILE_MODE);
        Optional<ByteBuffer> buffer = alignable.computeIfAbsent(file.getParent(), LocalFilesystem::isAlignable)
                ? aligned.take()
                : Optional.empty();
        if (buffer.isEmpty()) {
            return new LocalFile(ordinary);
        }
        try {
            return new UncachedFile(ordinary, FileChannel.open(file, UNCACHED), buffer.get(), aligned);
        } catch (IOException | UnsupportedOperationException e) {
            LOG.debug("{} cannot be written past the page cache", file, e);
            aligned.give(buffer.get());
            return new LocalFile(ordinary);
        }
    }

    /** Whether our alignment is good enough for the filesystem below a directory. */
    private static boolean isAlignable(Path directory) {
        try {
            return AlignedBuffers.ALIGNMENT % Files.getFileStore(directory).getBlockSize() == 0;
        } catch (IOException | UnsupportedOperationException e) {
            LOG.debug("{} does not report its block size", directory, e);
            return false;
        }
    }

    @Override
    public DiskFile open(Path file) throws IOException {
        return new LocalFile(FileChannel.open(file, OLD));
    }

    @Override
    public void move(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    }

    @Override
    public boolean delete(Path file) throws IOException {
        return Files.deleteIfExists(file);
    }

    @Override
    public void createDirectory(Path directory) throws IOException {
        try {
            Files.createDirectory(directory, DIRECTORY_MODE);
        } catch (FileAlreadyExistsException e) {
            if (!Files.isDirectory(directory)) {
                throw e;
            }
        }
    }

    @Override
    public void forceDirectory(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, OLD)) {
            channel.force(true);
        }
    }

    @Override
    public boolean exists(Path path) {
        return !Files.notExists(path);
    }

    @Override
    public Closeable lock(Path file) throws IOException {
        FileChannel channel = FileChannel.open(file, LOCKED, FILE_MODE);
        try {
            channel.lock();
            return channel;
        } catch (IOException e) {
            channel.close();
            throw e;
        } catch (OverlappingFileLockException e) {
            channel.close();
            throw new IOException(file + " is locked by this process", e);
        }
    }

    @Override
    @SuppressWarnings("StreamResourceLeak") // The caller closes it.
    public Stream<Path> list(Path directory) throws IOException {
        try {
            return Files.list(directory);
        } catch (NoSuchFileException e) {
            return Stream.empty();
        }
    }

    @Override
    public Instant changed(Path file) throws IOException {
        return ((FileTime) Files.getAttribute(file, "unix:ctime")).toInstant();
    }

    @Override
    public boolean canOpenFiles() {
        try (FileChannel channel = FileChannel.open(Path.of("/dev/null"), OLD)) {
            return channel.isOpen();
        } catch (IOException e) {
            LOG.debug("not even /dev/null can be opened", e);
            return false;
        }
    }

    @Override
    public long usable(Path path) {
        return path.toFile().getUsableSpace();
    }

    @Override
    public long total(Path path) {
        return path.toFile().getTotalSpace();
    }

    private final class LocalFile implements DiskFile {

        private final FileChannel channel;

        LocalFile(FileChannel channel) {
            this.channel = channel;
        }

        @Override
        public int read(byte[] into, int offset, int length, long position) throws IOException {
            ByteBuffer buffer = direct.take(length);
            try {
                int done = 0;
                while (done < length) {
                    buffer.clear().limit(Math.min(buffer.capacity(), length - done));
                    int wanted = buffer.remaining();
                    int read = channel.read(buffer, position + done);
                    if (read <= 0) {
                        break;
                    }
                    buffer.flip().get(into, offset + done, read);
                    done += read;
                    if (read < wanted) {
                        break;
                    }
                }
                return done;
            } finally {
                direct.give(buffer);
            }
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            ByteBuffer buffer = direct.take(length);
            try {
                int done = 0;
                while (done < length) {
                    int step = Math.min(buffer.capacity(), length - done);
                    buffer.clear().put(bytes, offset + done, step).flip();
                    while (buffer.hasRemaining()) {
                        channel.write(buffer);
                    }
                    done += step;
                }
            } finally {
                direct.give(buffer);
            }
        }

        @Override
        public void flush() {
            // nothing is held back
        }

        @Override
        public boolean isCached() {
            return true;
        }

        @Override
        public void force() throws IOException {
            channel.force(false);
        }

        @Override
        public long size() throws IOException {
            return channel.size();
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}
