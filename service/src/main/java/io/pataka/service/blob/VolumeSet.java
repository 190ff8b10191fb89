package io.pataka.service.blob;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/** The volumes that this process writes to and reads from. */
public final class VolumeSet implements Storage {

    private final TreeMap<Integer, Volume> volumes = new TreeMap<>();
    private final Map<String, List<Volume>> byClass = new HashMap<>();
    private final UUID store;
    private final long reserve;

    private VolumeSet(UUID store, List<Volume> opened, long reserve) {
        this.store = store;
        this.reserve = reserve;
        for (Volume volume : opened) {
            volumes.put(volume.number(), volume);
            for (String storageClass : volume.settings().storageClasses()) {
                byClass.computeIfAbsent(storageClass, it -> new ArrayList<>()).add(volume);
            }
        }
    }

    /**
     * Opens volumes after checking that each directory is the volume it is configured as.
     *
     * @param initialise whether an empty directory is made a volume; without it a disk that is not mounted is refused
     * @param reserve bytes that stay free on every volume
     * @throws StoreFailedException naming the directory and what is wrong with it
     */
    public static VolumeSet open(List<VolumeSettings> settings, boolean initialise, long reserve) throws IOException {
        return open(settings, initialise, reserve, new LocalFilesystem(), System::nanoTime);
    }

    /** @param clock monotonic, in nanoseconds */
    static VolumeSet open(
            List<VolumeSettings> settings, boolean initialise, long reserve, Filesystem filesystem, LongSupplier clock)
            throws IOException {
        if (settings.isEmpty()) {
            throw new StoreFailedException("no volume is configured");
        }
        Map<Integer, VolumeMarker> markers = markers(settings);
        UUID store =
                markers.values().stream().findFirst().map(VolumeMarker::store).orElseGet(UUID::randomUUID);
        List<Volume> opened = new ArrayList<>();
        for (VolumeSettings volume : settings) {
            if (!markers.containsKey(volume.number())) {
                if (!initialise) {
                    throw new StoreFailedException(
                            volume.path() + " is not a volume: it has no volume.json. Is the disk"
                                    + " mounted? To make it one, set initialiseVolumes for one start");
                }
                new VolumeMarker(store, volume.number()).write(volume.path(), filesystem);
            }
            Volume open = new Volume(volume, new VolumeMarker(store, volume.number()), filesystem, clock);
            open.prepare();
            opened.add(open);
        }
        return new VolumeSet(store, opened, reserve);
    }

    /** The markers in the directories, by number, after a check that they fit the settings and each other. */
    private static Map<Integer, VolumeMarker> markers(List<VolumeSettings> settings) throws IOException {
        Map<Integer, VolumeMarker> markers = new HashMap<>();
        Set<Integer> numbers = new HashSet<>();
        UUID store = null;
        for (VolumeSettings volume : settings) {
            if (!numbers.add(volume.number())) {
                throw new StoreFailedException("volume " + volume.number() + " is configured twice");
            }
            Optional<VolumeMarker> found = VolumeMarker.of(volume.path());
            if (found.isEmpty()) {
                continue;
            }
            VolumeMarker marker = found.get();
            if (store != null && !store.equals(marker.store())) {
                throw new StoreFailedException(volume.path() + " belongs to the store " + marker.store()
                        + ", the volumes before it to " + store);
            }
            store = marker.store();
            if (marker.number() != volume.number()) {
                throw new StoreFailedException(volume.path() + " is volume " + marker.number()
                        + ", but is configured as volume " + volume.number());
            }
            markers.put(volume.number(), marker);
        }
        return markers;
    }

    @Override
    public UUID id() {
        return store;
    }

    @Override
    public long epoch() throws IOException {
        long highest = 0;
        for (Volume volume : volumes.values()) {
            highest = Math.max(highest, StoreEpoch.read(volume.settings().path()));
        }
        return highest;
    }

    @Override
    public void raiseEpoch(long epoch) throws IOException {
        IOException failure = null;
        boolean written = false;
        for (Volume volume : volumes.values()) {
            try {
                volume.requireWritable(volume.failures());
                if (!volume.isPresent()) {
                    throw new StoreFailedException(volume + " is not mounted");
                }
                StoreEpoch.write(volume.settings().path(), epoch, volume.filesystem());
                written = true;
            } catch (IOException e) {
                failure = e;
            }
        }
        if (!written && failure != null) {
            throw failure;
        }
    }

    /** Whether no blob was ever written to any of the volumes. */
    public boolean isUnused() throws IOException {
        for (Volume volume : volumes.values()) {
            try (Stream<Path> shards = volume.filesystem().list(volume.layout().objects())) {
                if (shards.findAny().isPresent()) {
                    return false;
                }
            }
        }
        return true;
    }

    @Override
    public List<StorageStatus> status() {
        return volumes.values().stream().map(Volume::status).toList();
    }

    @Override
    public boolean takesWrites() {
        return volumes.values().stream().anyMatch(Volume::takesWrites);
    }

    /** The numbers of the volumes, ascending. */
    public List<Integer> numbers() {
        return List.copyOf(volumes.keySet());
    }

    /** How often {@link #tick} is to be called for each volume. */
    public static Duration tickInterval() {
        return Duration.ofSeconds(WriteState.TICK_SECONDS);
    }

    /** Probes a volume that takes no writes, after a failure; it takes them again when enough probes in a row succeeded. */
    public void tick(int number) {
        Volume volume = volumes.get(number);
        if (volume != null) {
            volume.tick();
        }
    }

    Volume volume(int number) throws StoreFailedException {
        Volume volume = volumes.get(number);
        if (volume == null) {
            throw new StoreFailedException("volume " + number + " is not configured here");
        }
        return volume;
    }

    /** Whether a volume is configured here for objects of the storage class. */
    boolean serves(String storageClass, int number) {
        Volume volume = volumes.get(number);
        return volume != null && volume.settings().storageClasses().contains(storageClass);
    }

    /** A random volume with enough space. The more space a volume has, the likelier it is chosen. */
    Volume pick(String storageClass, long expected) throws BlobStoreException {
        List<Volume> candidates = byClass.getOrDefault(storageClass, List.of());
        if (candidates.isEmpty()) {
            throw new StoreFailedException("no volume serves the storage class " + storageClass);
        }
        long[] space = new long[candidates.size()];
        double sum = 0;
        boolean working = false;
        for (int i = 0; i < space.length; i++) {
            Volume volume = candidates.get(i);
            if (volume.takesWrites()) {
                working = true;
                space[i] = Math.max(0, volume.usable() - reserve - expected);
                sum += space[i];
            }
        }
        if (!working) {
            throw new StoreFailedException("every volume of the storage class " + storageClass + " has failed");
        }
        double point = ThreadLocalRandom.current().nextDouble() * sum;
        Volume picked = null;
        for (int i = 0; i < space.length && (picked == null || point >= 0); i++) {
            if (space[i] > 0) {
                picked = candidates.get(i);
                point -= space[i];
            }
        }
        if (picked == null) {
            throw new StoreFullException("no volume of the storage class " + storageClass + " has enough space");
        }
        return picked;
    }
}
