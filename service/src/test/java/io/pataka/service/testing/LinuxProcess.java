package io.pataka.service.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** What the kernel says of a process. */
public record LinuxProcess(long pid) {

    /** The unit of times in {@code /proc/<pid>/stat}: USER_HZ, 100 on every Linux that the JDK runs on. */
    private static final long TICK_NANOS = 10_000_000;

    /** CPU time spent so far in user mode and in the kernel, by all its threads, in steps of 10 ms. */
    public Duration cpu() {
        String stat = read("stat");
        // The second field is the command in parentheses and may contain anything; utime and stime are the 14th and
        // 15th.
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return Duration.ofNanos((Long.parseLong(fields[11]) + Long.parseLong(fields[12])) * TICK_NANOS);
    }

    /** The most bytes of memory resident at once since the start or since {@link #resetPeakMemory()}. */
    public long peakMemory() {
        return read("status")
                .lines()
                .filter(line -> line.startsWith("VmHWM:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024)
                .findFirst()
                .orElseThrow();
    }

    public void resetPeakMemory() {
        try {
            Files.writeString(Path.of("/proc", Long.toString(pid), "clear_refs"), "5");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String read(String file) {
        try {
            return Files.readString(Path.of("/proc", Long.toString(pid), file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
