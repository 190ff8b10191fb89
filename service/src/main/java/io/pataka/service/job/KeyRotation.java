package io.pataka.service.job;

import com.google.common.collect.Lists;
import io.pataka.service.encryption.KeyRefusedException;
import io.pataka.service.encryption.KeyRing;
import io.pataka.service.encryption.ObjectKeys;
import io.pataka.service.metadata.JobPositions;
import io.pataka.service.metadata.SealedRows;
import io.pataka.service.metadata.SealedRows.Page;
import io.pataka.service.metadata.SealedRows.Rewrapping;
import io.pataka.service.metadata.SealedRows.Row;
import io.pataka.service.model.Envelope;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Wraps data keys with the active key of the key ring that are wrapped with another one. It does nothing while the ring has one key. A round
 * examines all rows; rounds are repeated until one finds nothing to wrap, and every hour after that, since a node with an old key ring may
 * still use another key.
 */
public final class KeyRotation implements Job {

    private static final String NAME = "key-rotation";
    private static final Logger LOG = LoggerFactory.getLogger(KeyRotation.class);
    private static final Duration INTERVAL = Duration.ofSeconds(10);
    private static final Duration REPEAT = Duration.ofHours(1);
    private static final int PAGE = 1_000;

    /** Rows that one transaction locks. */
    private static final int BATCH = 100;

    private final SealedRows rows;
    private final JobPositions positions;
    private final KeyRing ring;
    private final ObjectKeys keys;
    private final Clock clock;
    private final int pageSize;
    private final AtomicLong wrapped = new AtomicLong();
    private final Set<String> missingKeys = new TreeSet<>();
    private volatile Long stuck;
    private boolean mayHaveBegun = true;
    private Optional<Clean> clean = Optional.empty();

    public KeyRotation(SealedRows rows, JobPositions positions, KeyRing ring, ObjectKeys keys, Clock clock) {
        this(rows, positions, ring, keys, clock, PAGE);
    }

    /**
     * @param pageSize how many rows are read at once
     */
    KeyRotation(SealedRows rows, JobPositions positions, KeyRing ring, ObjectKeys keys, Clock clock, int pageSize) {
        this.rows = Objects.requireNonNull(rows);
        this.positions = Objects.requireNonNull(positions);
        this.ring = Objects.requireNonNull(ring);
        this.keys = Objects.requireNonNull(keys);
        this.clock = Objects.requireNonNull(clock);
        this.pageSize = pageSize;
    }

    /** A round that found nothing to wrap with a key. */
    private record Clean(String active, Instant at) {}

    /**
     * How far a round came.
     *
     * @param active the key with which it wraps
     * @param examined rows
     * @param wrapped rows that had another key
     * @param stuck rows whose data key cannot be unwrapped
     * @param place where to go on; empty at the beginning
     */
    private record Round(String active, long examined, long wrapped, long stuck, Optional<String> place) {

        static Round parse(String text) {
            String[] words = text.split(" ", 5);
            return new Round(
                    words[0],
                    Long.parseLong(words[1]),
                    Long.parseLong(words[2]),
                    Long.parseLong(words[3]),
                    Optional.of(words[4]));
        }

        String text() {
            return active + " " + examined + " " + wrapped + " " + stuck + " " + place.orElseThrow();
        }
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Schedule schedule() {
        return new Schedule(INTERVAL, 0.2);
    }

    /** Data keys that were wrapped with the active key since the start. */
    public long wrapped() {
        return wrapped.get();
    }

    /**
     * How many data keys could not be unwrapped in the last round of this process; empty if it completed none. The log has the reason.
     */
    public Optional<Long> stuck() {
        return Optional.ofNullable(stuck);
    }

    /** Which part of the rows was examined in this round, of whichever node, about; 1 between rounds. */
    public double progress() {
        return positions
                .position(NAME)
                .map(Round::parse)
                .map(round -> Math.min(0.99, (double) round.examined() / Math.max(1, rows.estimate())))
                .orElse(1.0);
    }

    @Override
    public Progress runSlice(Duration budget) {
        if (ring.ids().size() < 2) {
            giveUpRound();
            return Progress.IDLE;
        }
        String active = ring.active().orElseThrow().id();
        if (clean.filter(last ->
                        last.active().equals(active) && last.at().plus(REPEAT).isAfter(clock.instant()))
                .isPresent()) {
            return Progress.IDLE;
        }
        return continueRound(active, System.nanoTime() + budget.toNanos());
    }

    /** The other keys were removed from the ring before the round was complete. */
    private void giveUpRound() {
        if (mayHaveBegun) {
            positions.finish(NAME);
            mayHaveBegun = false;
        }
    }

    private Progress continueRound(String active, long end) {
        Round round = positions
                .position(NAME)
                .map(Round::parse)
                .filter(begun -> begun.active().equals(active))
                .orElse(new Round(active, 0, 0, 0, Optional.empty()));
        mayHaveBegun = true;
        do {
            Page page = rows.page(round.place(), pageSize);
            round = work(round, page);
            if (page.next().isEmpty()) {
                endRound(round);
                return Progress.IDLE;
            }
            positions.advance(NAME, round.text());
        } while (System.nanoTime() < end);
        return Progress.BUSY;
    }

    private Round work(Round round, Page page) {
        List<Rewrapping> changes = new ArrayList<>();
        long failed = 0;
        for (Row row : page.rows()) {
            if (!row.envelope().keyId().equals(round.active())) {
                Optional<Envelope> fresh = rewrapped(row);
                fresh.ifPresent(envelope -> changes.add(new Rewrapping(row, envelope)));
                failed += fresh.isEmpty() ? 1 : 0;
            }
        }
        long done = 0;
        for (List<Rewrapping> batch : Lists.partition(changes, BATCH)) {
            // The next round looks at rows again that changed meanwhile.
            done += rows.rewrap(batch);
        }
        wrapped.addAndGet(done);
        return new Round(
                round.active(),
                round.examined() + page.examined(),
                round.wrapped() + done,
                round.stuck() + failed,
                page.next());
    }

    /** Empty when the data key cannot be unwrapped. */
    private Optional<Envelope> rewrapped(Row row) {
        String id = row.envelope().keyId();
        if (ring.find(id).isEmpty()) {
            if (missingKeys.add(id)) {
                LOG.error("Objects need the key {}, which the key ring does not have. Put it back", id);
            }
            return Optional.empty();
        }
        try {
            return keys.rewrap(row.envelope());
        } catch (KeyRefusedException damaged) {
            LOG.error("{} has a data key that cannot be unwrapped: {}", row.position(), damaged.getMessage());
            return Optional.empty();
        }
    }

    private void endRound(Round round) {
        positions.finish(NAME);
        missingKeys.clear();
        stuck = round.stuck();
        if (round.wrapped() > 0) {
            LOG.info(
                    "{} data keys are now wrapped with the key {}; {} could not be unwrapped",
                    round.wrapped(),
                    round.active(),
                    round.stuck());
            clean = Optional.empty();
        } else {
            clean = Optional.of(new Clean(round.active(), clock.instant()));
        }
    }
}
