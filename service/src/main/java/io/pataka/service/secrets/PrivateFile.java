package io.pataka.service.secrets;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;

/** Files that only their owner may read and change. */
public final class PrivateFile {

    private static final Set<PosixFilePermission> OF_OWNER =
            EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

    private PrivateFile() {}

    /**
     * Refuses a file that others than its owner may use. The mode must be 0600 or stricter.
     *
     * @throws InvalidSecretFileException naming the mode, the owner, and what to do
     */
    public static void require(Path file) {
        PosixFileAttributes attributes;
        try {
            attributes = attributes(file);
        } catch (NoSuchFileException absent) {
            throw new InvalidSecretFileException(file + " does not exist");
        } catch (IOException unreadable) {
            throw new InvalidSecretFileException(
                    file + " cannot be read: " + unreadable.getClass().getSimpleName());
        }
        if (!attributes.isRegularFile()) {
            throw new InvalidSecretFileException(file + " is not a file");
        }
        if (!OF_OWNER.containsAll(attributes.permissions())) {
            throw new InvalidSecretFileException(file + " may be used by others than its owner, "
                    + attributes.owner().getName() + ": its mode is "
                    + PosixFilePermissions.toString(attributes.permissions()) + "; chmod 600 it");
        }
        if (!Files.isReadable(file)) {
            throw new InvalidSecretFileException(file + " belongs to "
                    + attributes.owner().getName() + " and may not be read by the user of the service; chown it");
        }
    }

    /**
     * Makes a file with the mode 0600. It is durable when this returns.
     *
     * @throws FileAlreadyExistsException when there is one, which stays as it is
     */
    public static void create(Path file, String text) throws IOException {
        Files.createFile(file, PosixFilePermissions.asFileAttribute(OF_OWNER));
        write(file, text);
        syncFolder(file);
    }

    /** Replaces a file by another with the same mode and owner. A reader sees the old one or the new one. */
    public static void replace(Path file, String text) throws IOException {
        PosixFileAttributes old = attributes(file);
        // Behind a symbolic link, the file is replaced and not the link.
        Path target = file.toRealPath();
        Path fresh = Files.createTempFile(
                target.getParent(),
                target.getFileName().toString(),
                ".new",
                PosixFilePermissions.asFileAttribute(OF_OWNER));
        try {
            write(fresh, text);
            PosixFileAttributeView view = Files.getFileAttributeView(fresh, PosixFileAttributeView.class);
            if (!view.readAttributes().owner().equals(old.owner())) {
                view.setOwner(old.owner());
            }
            view.setPermissions(old.permissions());
            Files.move(fresh, target, StandardCopyOption.ATOMIC_MOVE);
            syncFolder(target);
        } finally {
            Files.deleteIfExists(fresh);
        }
    }

    private static PosixFileAttributes attributes(Path file) throws IOException {
        return Files.readAttributes(file, PosixFileAttributes.class);
    }

    private static void write(Path file, String text) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(UTF_8));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
    }

    private static void syncFolder(Path file) throws IOException {
        try (FileChannel folder = FileChannel.open(file.toAbsolutePath().getParent(), StandardOpenOption.READ)) {
            folder.force(true);
        }
    }
}
