package io.pataka.service.blob;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.stream.Stream;

/** The calls that a volume makes to its disk. Each can be made to fail by a test. */
interface Filesystem {

    /** Creates a file that must not exist, to be written. */
    DiskFile create(Path file) throws IOException;

    /** Creates a file for many bytes. They are written past the page cache if the filesystem allows it and a buffer is left. */
    DiskFile createLarge(Path file) throws IOException;

    /** Opens a file to be read. */
    DiskFile open(Path file) throws IOException;

    /** Renames within the volume, atomically. */
    void move(Path from, Path to) throws IOException;

    /** Whether the file was there. */
    boolean delete(Path file) throws IOException;

    /** Creates a directory unless it is there. */
    void createDirectory(Path directory) throws IOException;

    /** Makes the entries of a directory durable. */
    void forceDirectory(Path directory) throws IOException;

    /** Whether a file or directory exists, or its existence cannot be determined. The next call to it fails then. */
    boolean exists(Path path);

    /**
     * Waits until no other process has a file locked, creates it if there is none, and locks it.
     *
     * @return gives the lock back when it is closed
     */
    Closeable lock(Path file) throws IOException;

    /** The entries of a directory, none if it is missing; to be closed. */
    Stream<Path> list(Path directory) throws IOException;

    /** When the inode changed last. Unlike the modification time, this changes when the file is renamed. */
    Instant changed(Path file) throws IOException;

    /** Whether this process can open a file that is on no volume. If not, the disk is not the cause of a failed opening. */
    boolean canOpenFiles();

    /** Bytes that can still be written below the path. */
    long usable(Path path);

    /** Bytes of the filesystem below the path. */
    long total(Path path);

    /** An open file. */
    interface DiskFile extends Closeable {

        /** Fills the array's stretch from a position of the file; less only at the end of the file, 0 beyond it. */
        int read(byte[] into, int offset, int length, long position) throws IOException;

        /** Appends all bytes; the last of them may be held back until {@link #flush}. */
        void write(byte[] bytes, int offset, int length) throws IOException;

        /** After the last write: the kernel has all bytes, and a process that is killed leaves them whole. */
        void flush() throws IOException;

        /** Whether bytes that were written wait in the page cache, so that {@link #force} may take long. */
        boolean isCached();

        /** Makes content and length durable. */
        void force() throws IOException;

        long size() throws IOException;
    }
}
