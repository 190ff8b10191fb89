package io.pataka.service.blob;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** The file {@code epoch} at the top of a volume: a number that only rises, and that the database has as well. */
final class StoreEpoch {

    private static final String NAME = "epoch";

    private StoreEpoch() {}

    /** The number; 0 if there is no file, or the file has no number. */
    static long read(Path volume) throws IOException {
        try {
            return Long.parseLong(
                    Files.readString(volume.resolve(NAME), US_ASCII).trim());
        } catch (NoSuchFileException | NumberFormatException none) {
            return 0;
        }
    }

    /** Replaces the number, durably. */
    static void write(Path volume, long epoch, Filesystem filesystem) throws IOException {
        Path fresh = volume.resolve(NAME + ".new");
        filesystem.delete(fresh);
        byte[] text = (epoch + "\n").getBytes(US_ASCII);
        try (Filesystem.DiskFile file = filesystem.create(fresh)) {
            file.write(text, 0, text.length);
            file.force();
        }
        filesystem.move(fresh, volume.resolve(NAME));
        filesystem.forceDirectory(volume);
    }
}
