package io.pataka.service.blob;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/** Checks the directories of volumes as {@link VolumeSet#open} does, and changes nothing. */
public final class VolumeInspection {

    private VolumeInspection() {}

    /** What a directory is. */
    public enum State {
        /** A volume that can be used. */
        VOLUME,
        /** No volume yet; it can be made one, or its disk is not mounted. */
        NEW,
        /** It can be used neither way. */
        UNUSABLE
    }

    /**
     * @param store of a volume
     * @param used whether there are blobs on it
     * @param text what the state is, or why it cannot be used
     */
    public record Inspected(VolumeSettings settings, State state, Optional<UUID> store, boolean used, String text) {}

    /** In the order of the settings. */
    public static List<Inspected> of(List<VolumeSettings> settings) {
        List<Inspected> all = new ArrayList<>();
        Optional<UUID> store = Optional.empty();
        for (VolumeSettings volume : settings) {
            Inspected one;
            try {
                one = inspect(volume, store);
            } catch (IOException unusable) {
                one = new Inspected(volume, State.UNUSABLE, Optional.empty(), false, reason(volume, unusable));
            }
            store = store.or(one::store);
            all.add(one);
        }
        return all;
    }

    private static Inspected inspect(VolumeSettings volume, Optional<UUID> others) throws IOException {
        Path path = volume.path();
        if (Files.notExists(path)) {
            return absent(volume);
        }
        if (!Files.isDirectory(path)) {
            throw new StoreFailedException(path + " is not a directory");
        }
        if (!Files.isReadable(path) || !Files.isExecutable(path)) {
            throw new StoreFailedException(path + " cannot be read by this user");
        }
        Optional<VolumeMarker> marker = VolumeMarker.of(path);
        if (marker.isEmpty()) {
            requireEmpty(path);
            write(path);
            return new Inspected(volume, State.NEW, Optional.empty(), false, path + " is empty");
        }
        if (marker.get().number() != volume.number()) {
            throw new StoreFailedException(
                    path + " is volume " + marker.get().number() + ", but is configured as volume " + volume.number());
        }
        if (others.isPresent() && !others.get().equals(marker.get().store())) {
            throw new StoreFailedException(path + " belongs to the store "
                    + marker.get().store() + ", the volumes before it to " + others.get());
        }
        if (!volume.storageClasses().isEmpty()) {
            write(path);
        }
        long free = path.toFile().getUsableSpace();
        return new Inspected(
                volume,
                State.VOLUME,
                Optional.of(marker.get().store()),
                isUsed(new ShardLayout(path).objects()),
                path + " has " + (free >> 20) + " MiB free");
    }

    private static boolean isUsed(Path objects) throws IOException {
        if (Files.notExists(objects)) {
            return false;
        }
        try (Stream<Path> shards = Files.list(objects)) {
            return shards.findAny().isPresent();
        }
    }

    private static Inspected absent(VolumeSettings volume) throws IOException {
        Path parent = volume.path().toAbsolutePath().getParent();
        while (parent != null && Files.notExists(parent)) {
            parent = parent.getParent();
        }
        if (parent == null || !Files.isDirectory(parent) || !Files.isWritable(parent)) {
            throw new StoreFailedException(
                    volume.path() + " does not exist, and this user cannot make it in " + parent);
        }
        return new Inspected(volume, State.NEW, Optional.empty(), false, volume.path() + " does not exist");
    }

    private static void requireEmpty(Path path) throws IOException {
        try (Stream<Path> entries = Files.list(path)) {
            Optional<Path> other =
                    entries.filter(it -> !it.endsWith("lost+found")).findFirst();
            if (other.isPresent()) {
                throw new StoreFailedException(
                        path + " is not a volume, since it has no volume.json, and is not empty: " + other.get());
            }
        }
    }

    /** Writes a file and removes it. Only a write shows that a disk is full, over its quota, or refuses writes for another reason. */
    private static void write(Path path) throws IOException {
        Path probe = path.resolve("check-" + UUID.randomUUID());
        LocalFilesystem filesystem = new LocalFilesystem();
        try (Filesystem.DiskFile file = filesystem.create(probe)) {
            file.write(new byte[] {1}, 0, 1);
            file.force();
        } finally {
            Files.deleteIfExists(probe);
        }
    }

    private static String reason(VolumeSettings volume, IOException unusable) {
        return unusable instanceof StoreFailedException
                ? unusable.getMessage()
                : volume.path() + " cannot be read or written by this user: " + unusable;
    }
}
