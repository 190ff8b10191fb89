package io.pataka.service.secrets;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.util.Objects;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The content of a file that may change while the server runs. While the file is wrong or missing, the content that was read last is
 * used, and each reason is logged once.
 *
 * @param <T> the content, which is never changed
 */
public final class RereadFile<T> {

    private static final Logger LOG = LoggerFactory.getLogger(RereadFile.class);
    private static final long LOOK_EVERY_MILLIS = 1_000;

    private final Path file;
    private final Form<T> form;
    private final Clock clock;
    private volatile Loaded<T> loaded;

    private RereadFile(Path file, Form<T> form, Clock clock, Loaded<T> loaded) {
        this.file = file;
        this.form = form;
        this.clock = clock;
        this.loaded = loaded;
    }

    /** Reads a kind of file. */
    @FunctionalInterface
    public interface Form<T> {

        /**
         * Reads the file.
         *
         * @param before what the file was when it was read last; empty for the first time
         * @throws InvalidSecretFileException when it cannot be used
         */
        T read(Path file, Optional<T> before);
    }

    /**
     * Reads the file for the first time.
     *
     * @throws InvalidSecretFileException when it cannot be used
     */
    public static <T> RereadFile<T> open(Path file, Form<T> form, Clock clock) {
        Stamp stamp = Stamp.of(file);
        T content = form.read(file, Optional.empty());
        return new RereadFile<>(file, form, clock, new Loaded<>(content, stamp, Optional.empty(), clock.millis()));
    }

    public Path file() {
        return file;
    }

    /** The content. A change of the file is found a second later at the most. */
    public T content() {
        Loaded<T> last = loaded;
        return isFresh(last) ? last.content : refreshed();
    }

    private boolean isFresh(Loaded<T> last) {
        return Math.abs(clock.millis() - last.lookedAt) < LOOK_EVERY_MILLIS;
    }

    /** The content as it is now. */
    public synchronized T refreshed() {
        Loaded<T> last = loaded;
        Stamp stamp = Stamp.of(file);
        if (stamp.equals(last.stamp) && (last.fault.isEmpty() || isFresh(last))) {
            if (last.fault.isEmpty()) {
                loaded = new Loaded<>(last.content, stamp, Optional.empty(), clock.millis());
            }
            return last.content;
        }
        // A file that was wrong is read again even if it did not change: a new mode of the file does not change its
        // time.
        try {
            loaded = new Loaded<>(form.read(file, Optional.of(last.content)), stamp, Optional.empty(), clock.millis());
            LOG.info("{} was read again", file);
        } catch (InvalidSecretFileException wrong) {
            Optional<String> fault = Optional.of(wrong.getMessage());
            loaded = new Loaded<>(last.content, stamp, fault, clock.millis());
            if (!fault.equals(last.fault)) {
                LOG.warn("What was read of {} before is used: {}", file, wrong.getMessage());
            }
        }
        return loaded.content;
    }

    /** Why the file cannot be used now; empty if it can. */
    public Optional<String> fault() {
        content();
        return loaded.fault;
    }

    /** Changes whenever the file changes. */
    private record Stamp(FileTime modified, long size, String fileKey) {

        static Stamp of(Path file) {
            try {
                BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
                return new Stamp(
                        attributes.lastModifiedTime(), attributes.size(), String.valueOf(attributes.fileKey()));
            } catch (IOException gone) {
                return new Stamp(FileTime.fromMillis(0), -1, "");
            }
        }
    }

    /** The content, and when the file was last looked at. */
    private record Loaded<T>(T content, Stamp stamp, Optional<String> fault, long lookedAt) {
        private Loaded {
            Objects.requireNonNull(content);
        }
    }
}
