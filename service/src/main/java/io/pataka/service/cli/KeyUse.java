package io.pataka.service.cli;

import io.pataka.service.encryption.Ring;
import io.pataka.service.metadata.SealedRows;
import io.pataka.service.metadata.SealedRows.Page;
import io.pataka.service.metadata.SealedRows.Pages;
import io.pataka.service.metadata.SealedRows.Row;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Counts how many rows need each key of a key ring. It reads all rows, and prints how far it is every few seconds. */
final class KeyUse {

    private static final int PAGE = 5_000;
    private static final Duration REPORT = Duration.ofSeconds(5);

    /** A request that wrapped a data key before the ring was changed has written its row after this time. */
    private static final Duration LONGEST_REQUEST = Duration.ofDays(1);

    private final SealedRows rows;
    private final Instant changed;
    private final Clock clock;
    private final PrintStream out;

    /**
     * @param changed when the file of the ring was written
     */
    KeyUse(SealedRows rows, Instant changed, Clock clock, PrintStream out) {
        this.rows = Objects.requireNonNull(rows);
        this.changed = Objects.requireNonNull(changed);
        this.clock = Objects.requireNonNull(clock);
        this.out = Objects.requireNonNull(out);
    }

    /**
     * Prints a line for each key.
     *
     * @throws IOException when rows need a key that the ring does not have
     */
    void print(Ring ring) throws IOException {
        SortedMap<String, Long> counts = rows.atOneMoment(this::count);
        ring.keys()
                .keySet()
                .forEach(id -> print(id, counts.getOrDefault(id, 0L), verdict(ring, id, counts.containsKey(id))));
        counts.keySet().removeAll(ring.keys().keySet());
        counts.forEach((id, count) -> print(id, count, "missing; objects cannot be read before the ring has it again"));
        if (!counts.isEmpty()) {
            throw new IOException("objects need keys that the key ring does not have: " + counts.keySet());
        }
    }

    private String verdict(Ring ring, String id, boolean needed) {
        if (id.equals(ring.active())) {
            return "active";
        }
        if (needed) {
            return "needed until the job key-rotation has wrapped these with the active key";
        }
        Instant certain = changed.plus(LONGEST_REQUEST);
        return clock.instant().isBefore(certain)
                ? "not needed by a row, but requests that began before the ring was changed may still write some; count again after "
                        + certain.truncatedTo(ChronoUnit.SECONDS)
                : "not needed; may be removed from the ring, but keep a copy as long as backups of the database that need it";
    }

    private void print(String id, long count, String verdict) {
        out.println("%-24s %12d  %s".formatted(id, count, verdict));
    }

    private SortedMap<String, Long> count(Pages pages) {
        SortedMap<String, Long> counts = new TreeMap<>();
        long all = rows.estimate();
        long examined = 0;
        long reported = System.nanoTime();
        Optional<String> place = Optional.empty();
        do {
            Page page = pages.page(place, PAGE);
            for (Row row : page.rows()) {
                counts.merge(row.envelope().keyId(), 1L, Long::sum);
            }
            examined += page.examined();
            if (System.nanoTime() - reported > REPORT.toNanos()) {
                out.println("examined " + examined + " rows of about " + all);
                reported = System.nanoTime();
            }
            place = page.next();
        } while (place.isPresent());
        out.println("examined " + examined + " rows");
        return counts;
    }
}
