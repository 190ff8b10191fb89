package io.pataka.service.metadata;

import io.pataka.service.model.Envelope;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

/**
 * The rows whose data keys are wrapped with keys of the service: uploads, current versions, noncurrent versions, topics. A version that moves
 * during a round may be passed over; a second round finds it.
 */
public interface SealedRows {

    /**
     * The rows that follow a position.
     *
     * @param after a position of a page; empty for the beginning
     * @param limit how many rows of all kinds are examined at most, 1 to 10,000
     */
    Page page(Optional<String> after, int limit);

    /**
     * Gives a reader pages of all rows as they are at one moment, so that none is passed over which moves meanwhile. The database
     * keeps what is deleted and overwritten until the reader returns.
     *
     * @param reader may run several times
     */
    <T> T atOneMoment(Function<Pages, T> reader);

    /** The rows at one moment. */
    @FunctionalInterface
    interface Pages {
        /** As {@link SealedRows#page}. */
        Page page(Optional<String> after, int limit);
    }

    /**
     * Some rows, and where to go on.
     *
     * @param examined how many rows were looked at, those of plain versions included
     * @param next the position to go on after, ASCII; empty at the end of all
     */
    record Page(int examined, List<Row> rows, Optional<String> next) {
        public Page {
            rows = List.copyOf(rows);
            Objects.requireNonNull(next);
        }
    }

    /**
     * A row with a wrapped data key.
     *
     * @param position of the row
     * @param facts as the row has them
     */
    record Row(Envelope envelope, String position, byte[] facts) {}

    /** What a row is to be changed to. */
    record Rewrapping(Row row, Envelope envelope) {}

    /**
     * Puts data keys into other envelopes, in one transaction, and changes nothing else of their rows. A row that is gone or was changed
     * meanwhile stays as it is.
     *
     * @return how many rows were changed
     */
    int rewrap(List<Rewrapping> changes);

    /** About how many rows there are to examine. */
    long estimate();
}
