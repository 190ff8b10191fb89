package io.pataka.service.blob;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The file {@code volume.json} at the top of a volume. It tells a volume from the empty directory that a disk is mounted on, and
 * from another volume.
 *
 * @param store the same on all volumes of a cluster
 * @param number of the volume
 */
record VolumeMarker(UUID store, int number) {

    private static final String NAME = "volume.json";
    private static final Pattern TEXT =
            Pattern.compile("\\s*\\{\\s*\"format\"\\s*:\\s*2\\s*,\\s*\"store\"\\s*:\\s*\"([0-9a-f-]{36})\"\\s*,"
                    + "\\s*\"volume\"\\s*:\\s*(\\d{1,5})\\s*}\\s*");

    /**
     * Reads the marker of a volume.
     *
     * @throws StoreFailedException when there is a marker that cannot be understood
     */
    static Optional<VolumeMarker> of(Path volume) throws IOException {
        String text;
        try {
            text = Files.readString(volume.resolve(NAME), UTF_8);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
        Matcher matcher = TEXT.matcher(text);
        if (!matcher.matches()) {
            throw new StoreFailedException(volume.resolve(NAME) + " is not the marker of a volume of format 2");
        }
        return Optional.of(new VolumeMarker(UUID.fromString(matcher.group(1)), Integer.parseInt(matcher.group(2))));
    }

    /**
     * Makes an empty directory a volume, durably.
     *
     * @throws StoreFailedException when something is in the directory already
     */
    void write(Path volume, Filesystem filesystem) throws IOException {
        Files.createDirectories(volume);
        Path fresh = volume.resolve(NAME + ".new");
        try (Stream<Path> entries = Files.list(volume)) {
            Optional<Path> stranger = entries.filter(it -> !it.equals(fresh) && !it.endsWith("lost+found"))
                    .findFirst();
            if (stranger.isPresent()) {
                throw new StoreFailedException(volume + " has no " + NAME
                        + " and is not empty, so it is not made a volume: " + stranger.get());
            }
        }
        filesystem.delete(fresh);
        byte[] text = "{\"format\": 2, \"store\": \"%s\", \"volume\": %d}\n"
                .formatted(store, number)
                .getBytes(UTF_8);
        try (Filesystem.DiskFile file = filesystem.create(fresh)) {
            file.write(text, 0, text.length);
            file.force();
        }
        filesystem.move(fresh, volume.resolve(NAME));
        filesystem.forceDirectory(volume);
    }
}
