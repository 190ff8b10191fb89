package io.pataka.service.benchmark;

import java.time.Duration;
import java.util.Arrays;

/** The result of a load. Times in milliseconds, throughput in MiB (2^20 bytes) per second. */
final class Measurement {

    private static final double MILLI = 1e6;

    private final long[] latencies;
    private final long elapsed;
    private final long bytesPerRequest;
    private final Consumption used;

    /**
     * @param latencies nanoseconds of every request, at least one
     * @param elapsed nanoseconds from the first request's start to the last one's end
     */
    Measurement(long[] latencies, long elapsed, long bytesPerRequest, Consumption used) {
        this.latencies = latencies.clone();
        Arrays.sort(this.latencies);
        this.elapsed = elapsed;
        this.bytesPerRequest = bytesPerRequest;
        this.used = used;
    }

    double perSecond() {
        return latencies.length / (elapsed / 1e9);
    }

    double mebibytesPerSecond() {
        return perSecond() * bytesPerRequest / (1 << 20);
    }

    double median() {
        return percentile(50);
    }

    double p99() {
        return percentile(99);
    }

    private double percentile(int percent) {
        int index = (int) Math.ceil(latencies.length * percent / 100.0) - 1;
        return latencies[Math.max(0, index)] / MILLI;
    }

    double serverCpu() {
        return perRequest(used.server());
    }

    double databaseCpu() {
        return perRequest(used.database());
    }

    double cpu() {
        return serverCpu() + databaseCpu();
    }

    double statements() {
        return (double) used.statements() / latencies.length;
    }

    private double perRequest(Duration time) {
        return time.toNanos() / MILLI / latencies.length;
    }
}
