package io.pataka.service.metadata;

import io.pataka.service.metadata.row.Micros;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Objects;

/**
 * The time of this node or that of the database, whichever is earlier. A job that removes by age goes by it, so that a node whose clock is
 * ahead removes nothing before its time. Each {@link #instant} asks the database, and throws {@link MetadataUnavailableException} when it
 * does not answer.
 */
public final class EarlierClock extends Clock {

    private static final String NOW = "SELECT " + Micros.NOW;

    private final Database database;
    private final Clock node;

    /**
     * @param node the clock of this node
     */
    public EarlierClock(Database database, Clock node) {
        this.database = Objects.requireNonNull(database);
        this.node = Objects.requireNonNull(node);
    }

    @Override
    public Instant instant() {
        Instant other = Micros.toInstant(database.read(
                handle -> handle.createQuery(NOW).mapTo(Long.class).one()));
        Instant own = node.instant();
        return own.isBefore(other) ? own : other;
    }

    @Override
    public ZoneId getZone() {
        return node.getZone();
    }

    @Override
    public Clock withZone(ZoneId zone) {
        return new EarlierClock(database, node.withZone(zone));
    }
}
