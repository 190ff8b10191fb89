package io.pataka.service.testing;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.function.LongSupplier;

/**
 * Distinguishes linear from quadratic work by its growth. It measures the processor time of the thread, which does not depend on
 * other processes. For eight times the input, linear work takes eight times as long and quadratic work 64 times; a pattern that
 * backtracks takes still longer. The limit is 24 times.
 */
public final class WorkGrowth {

    /** The length of everything that a request may have before its body. */
    public static final int WHOLE = 64 * 1024;

    private static final int FACTOR = 8;
    private static final int MOST_GROWTH = 3 * FACTOR;

    /** Work this short does no harm, and cannot be measured. */
    private static final long NEGLIGIBLE_NANOS = 20_000_000;

    private static final int ATTEMPTS = 3;
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final OperatingSystemMXBean PROCESS =
            ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

    private WorkGrowth() {}

    /**
     * @param input made for a length
     * @param work is done with it; an exception of the kind that refuses input is an answer like any other
     * @throws AssertionError when the work grows faster than the input
     */
    public static <T> void assertLinear(String what, IntFunction<T> input, Consumer<T> work) {
        assertLinear(what, input, work, THREADS::getCurrentThreadCpuTime);
    }

    /** As {@link #assertLinear(String, IntFunction, Consumer)}, for work that a server in this process does. */
    public static <T> void assertLinearInServer(String what, IntFunction<T> input, Consumer<T> work) {
        assertLinear(what, input, work, PROCESS::getProcessCpuTime);
    }

    private static <T> void assertLinear(String what, IntFunction<T> input, Consumer<T> work, LongSupplier spent) {
        T whole = input.apply(WHOLE);
        long large = nanos(whole, work, ATTEMPTS, spent);
        if (large <= NEGLIGIBLE_NANOS) {
            return;
        }
        // Shorter times cannot be measured.
        long small =
                Math.max(NEGLIGIBLE_NANOS / FACTOR, nanos(input.apply(WHOLE / FACTOR), work, FACTOR * ATTEMPTS, spent));
        if (large > MOST_GROWTH * small) {
            throw new AssertionError(what + ": " + FACTOR + " times the input takes " + large / small
                    + " times the work, " + large / 1_000_000 + " ms for " + WHOLE + " characters");
        }
    }

    /** The least time of some attempts. The others include work of the compiler and the garbage collector. */
    private static <T> long nanos(T input, Consumer<T> work, int attempts, LongSupplier spent) {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < attempts && least > NEGLIGIBLE_NANOS / FACTOR; i++) {
            long begun = spent.getAsLong();
            work.accept(input);
            least = Math.min(least, spent.getAsLong() - begun);
        }
        return least;
    }
}
