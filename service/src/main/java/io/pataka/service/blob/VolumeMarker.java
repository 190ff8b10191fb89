package io.pataka.service.blob;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * The file {@code volume.json} at the top of a volume, for example {@code {"format": 2, "store": "<UUID>", "volume": 1}}. It distinguishes
 * a volume from the empty directory that a disk is mounted on, and from another volume.
 *
 * @param store the same on all volumes of a cluster
 * @param number of the volume, 0 to 65,535
 */
record VolumeMarker(UUID store, int number) {

    private static final String NAME = "volume.json";
    private static final int FORMAT = 2;

    /** Strict: a marker with a member that is missing, unknown or of another type is not understood. */
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .build();

    /** The JSON document. */
    record Document(
            @JsonProperty(required = true) int format,
            @JsonProperty(required = true) UUID store,
            @JsonProperty(required = true) int volume) {}

    /**
     * Reads the marker of a volume.
     *
     * @throws StoreFailedException when there is a marker that cannot be understood
     */
    static Optional<VolumeMarker> of(Path volume) throws IOException {
        byte[] json;
        try {
            json = Files.readAllBytes(volume.resolve(NAME));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
        try {
            Document document = MAPPER.readValue(json, Document.class);
            if (document != null
                    && document.format() == FORMAT
                    && document.store() != null
                    && document.volume() >>> 16 == 0) {
                return Optional.of(new VolumeMarker(document.store(), document.volume()));
            }
        } catch (JacksonException e) {
            throw new StoreFailedException(notUnderstood(volume), e);
        }
        throw new StoreFailedException(notUnderstood(volume));
    }

    private static String notUnderstood(Path volume) {
        return volume.resolve(NAME) + " is not the marker of a volume of format " + FORMAT;
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
            Optional<Path> found = entries.filter(it -> !it.equals(fresh) && !it.endsWith("lost+found"))
                    .findFirst();
            if (found.isPresent()) {
                throw new StoreFailedException(
                        volume + " has no " + NAME + " and is not empty, so it is not made a volume: " + found.get());
            }
        }
        filesystem.delete(fresh);
        byte[] json = MAPPER.writeValueAsBytes(new Document(FORMAT, store, number));
        try (Filesystem.DiskFile file = filesystem.create(fresh)) {
            file.write(json, 0, json.length);
            file.force();
        }
        filesystem.move(fresh, volume.resolve(NAME));
        filesystem.forceDirectory(volume);
    }
}
