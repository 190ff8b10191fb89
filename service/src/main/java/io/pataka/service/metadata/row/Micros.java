package io.pataka.service.metadata.row;

import java.time.Instant;

/** Times as the database keeps them: microseconds since 1970. */
public final class Micros {

    /** The present by the database's clock. */
    public static final String NOW = "CAST(UNIX_TIMESTAMP(NOW(6)) * 1000000 AS SIGNED)";

    private static final long SECOND = 1_000_000;

    private Micros() {}

    /** Rounded down. Java's ChronoUnit counts nanoseconds in between, and cannot beyond the year 2262. */
    public static long of(Instant moment) {
        return Math.addExact(Math.multiplyExact(moment.getEpochSecond(), SECOND), moment.getNano() / 1000);
    }

    public static Instant toInstant(long micros) {
        return Instant.ofEpochSecond(Math.floorDiv(micros, SECOND), Math.floorMod(micros, SECOND) * 1000);
    }
}
