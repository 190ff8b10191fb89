package io.pataka.service.job;

import java.time.Duration;

/** How many rows a statement examines, adapted so that it takes neither long nor almost nothing. */
final class PageSize {

    private static final Duration SHORT = Duration.ofMillis(12);
    private static final Duration LONG = Duration.ofMillis(40);

    private final int least;
    private final int most;
    private int rows;

    PageSize(int least, int most) {
        this.least = least;
        this.most = most;
        this.rows = least;
    }

    int rows() {
        return rows;
    }

    /**
     * Adapts the size to the time that a page of it took.
     *
     * @param nanos nanoseconds
     */
    void took(long nanos) {
        if (nanos > LONG.toNanos()) {
            rows = Math.max(least, rows / 2);
        } else if (nanos < SHORT.toNanos()) {
            rows = Math.min(most, rows * 2);
        }
    }
}
