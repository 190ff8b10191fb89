package io.pataka.service.objects;

import static io.pataka.service.model.ChangeContext.Kind.PUT;

import io.pataka.service.access.WritePermit;
import io.pataka.service.logging.LogObjectNames;
import io.pataka.service.metadata.LogRolls;
import io.pataka.service.metadata.LogRolls.Limits;
import io.pataka.service.metadata.LogRolls.Log;
import io.pataka.service.metadata.LogRolls.Roll;
import io.pataka.service.metadata.LogRolls.Taking;
import io.pataka.service.metadata.Refusal;
import io.pataka.service.model.Bucket;
import io.pataka.service.model.ObjectFacts;
import io.pataka.service.model.ObjectKey;
import io.pataka.service.model.StoredForm;
import io.pataka.service.model.WriteCondition;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

/**
 * Makes log objects of waiting lines. An object belongs to the owner of the bucket that it is in. Its key is chosen when its lines are, and
 * it is written only if there is none of that key; so a process that ends at any point loses no line and doubles none.
 */
public final class LogObjects {

    /** Ceph's limit of bytes. */
    private static final Limits LIMITS = new Limits(100_000, 128 * 1024 * 1024);

    /** The time in which an object is written; after it another process writes the object, too. */
    private static final Duration LEASE = Duration.ofMinutes(1);

    /** How long a flush waits for objects of the same log that others are writing. */
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private static final int PAGE = 500;

    private final LogRolls rolls;
    private final ServiceObjects objects;
    private final FormOfNew form;
    private final String holder;
    private final Function<Bucket, WritePermit> permits;

    /**
     * @param permits for the objects
     * @param form of the objects that this service writes for itself
     * @param holder names this process
     */
    public LogObjects(
            LogRolls rolls,
            ServiceObjects objects,
            Function<Bucket, WritePermit> permits,
            FormOfNew form,
            String holder) {
        this.rolls = Objects.requireNonNull(rolls);
        this.objects = Objects.requireNonNull(objects);
        this.permits = Objects.requireNonNull(permits);
        this.form = Objects.requireNonNull(form);
        this.holder = Objects.requireNonNull(holder);
    }

    /** How a new object is stored if its writer asks for no encryption. */
    @FunctionalInterface
    public interface FormOfNew {

        /**
         * @throws IOException when it cannot be encrypted as the settings say
         */
        StoredForm in(Bucket bucket) throws IOException;
    }

    /**
     * Writes all lines of a log that were added before, and returns when they are in objects.
     *
     * @param evenEmpty whether an empty object is written if there is no line
     * @return the key of the last object; empty if none was written
     * @throws IOException when the content cannot be stored; the lines stay
     */
    public Optional<ObjectKey> flush(Bucket target, LogObjectNames names, boolean evenEmpty) throws IOException {
        Log log = new Log(target.id(), names.text());
        Optional<Roll> last = begin(log, Taking.ALL, evenEmpty);
        if (last.isPresent()) {
            write(last.get());
        }
        while (last.filter(Roll::leavesMore).isPresent()) {
            Optional<Roll> next = begin(log, Taking.ALL, false);
            if (next.isEmpty()) {
                break;
            }
            write(next.get());
            last = next;
        }
        awaitOthers(log, last.map(Roll::number).orElse(Long.MAX_VALUE));
        return last.map(Roll::key);
    }

    private void awaitOthers(Log log, long before) throws IOException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (rolls.hasRollsBefore(log, before)) {
            Optional<Roll> abandoned = rolls.takeOver(log, holder, LEASE);
            if (abandoned.isPresent()) {
                write(abandoned.get());
            } else if (System.nanoTime() - end > 0) {
                throw new IOException("another process is still writing an object of the log");
            } else {
                pause();
            }
        }
    }

    private static void pause() throws IOException {
        try {
            Thread.sleep(50);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    /** Writes an object of the lines that are due, or of as many as an object may have. Returns whether there was one to write. */
    public boolean roll(Log log, Taking taking) throws IOException {
        Optional<Roll> roll = begin(log, taking, false);
        if (roll.isPresent()) {
            write(roll.get());
        }
        return roll.isPresent();
    }

    /** Writes an object that another process did not complete. Returns whether there was one. */
    public boolean complete() throws IOException {
        Optional<Roll> abandoned = rolls.takeOver(holder, LEASE);
        if (abandoned.isPresent()) {
            write(abandoned.get());
        }
        return abandoned.isPresent();
    }

    private Optional<Roll> begin(Log log, Taking taking, boolean evenEmpty) {
        LogObjectNames names = LogObjectNames.parse(log.names());
        return rolls.begin(log, taking, LIMITS, evenEmpty, names.isByDay(), names::key, holder, LEASE);
    }

    /** The lines of a bucket that was deleted are deleted. */
    private void write(Roll roll) throws IOException {
        Optional<Bucket> target = rolls.target(roll.log());
        if (target.isPresent()) {
            write(roll, target.get());
        }
        rolls.finish(roll);
    }

    private void write(Roll roll, Bucket bucket) throws IOException {
        ObjectFacts facts = ObjectFacts.builder()
                .contentType("text/plain")
                .form(form.in(bucket))
                .build();
        Target target = new Target(bucket, roll.key(), bucket.owner(), permits.apply(bucket), PUT);
        try (InputStream lines = new Lines(roll)) {
            objects.put(target, facts, lines, new WriteCondition.Absent())
                    .refusal()
                    .filter(refusal -> !isDone(refusal))
                    .ifPresent(refusal -> {
                        throw new IllegalStateException("a log object was refused: " + refusal);
                    });
        }
    }

    /** Whether the object is there already, or its bucket is not any more. */
    private static boolean isDone(Refusal refusal) {
        return refusal == Refusal.CONDITION_UNMET
                || refusal == Refusal.BUCKET_GONE
                || refusal == Refusal.BUCKET_REPLACED;
    }

    /** The bytes of an object: each line with a line feed. Reads a page when the one before is at its end. */
    private final class Lines extends InputStream {

        private final Roll roll;
        private long last;
        private boolean ended;
        private ByteArrayInputStream page = new ByteArrayInputStream(new byte[0]);

        Lines(Roll roll) {
            this.roll = roll;
        }

        @Override
        public int read() {
            return hasMore() ? page.read() : -1;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) {
            return length == 0 ? 0 : hasMore() ? page.read(buffer, offset, length) : -1;
        }

        private boolean hasMore() {
            while (page.available() == 0 && !ended) {
                LogRolls.Page next = rolls.page(roll, last, PAGE);
                ended = next.lines().isEmpty();
                last = next.last();
                ByteArrayOutputStream bytes = new ByteArrayOutputStream();
                for (byte[] line : next.lines()) {
                    bytes.writeBytes(line);
                    bytes.write('\n');
                }
                page = new ByteArrayInputStream(bytes.toByteArray());
            }
            return page.available() > 0;
        }
    }
}
