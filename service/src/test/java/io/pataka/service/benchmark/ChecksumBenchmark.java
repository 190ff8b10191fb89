package io.pataka.service.benchmark;

import io.pataka.service.content.checksum.RunningChecksum;
import io.pataka.service.model.ChecksumAlgorithm;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** The speed of the checks of a body: bytes per microsecond, which is MB/s, over buffers of 128 KiB. */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class ChecksumBenchmark {

    private static final int LENGTH = 128 * 1024;

    /** What is computed; {@code MD5} always is, so the others come on top of it. */
    @Param({"MD5", "CRC32", "CRC32C", "CRC64NVME", "SHA1", "SHA256", "SHA512", "XXHASH64", "XXHASH3", "XXHASH128"})
    public String checksum;

    private final byte[] bytes = new byte[LENGTH];
    private RunningChecksum running;

    @Setup
    public void begin() {
        new Random(1).nextBytes(bytes);
        running = checksum.equals("MD5")
                ? RunningChecksum.md5()
                : RunningChecksum.of(ChecksumAlgorithm.valueOf(checksum));
    }

    @Benchmark
    @OperationsPerInvocation(LENGTH)
    public void sum() {
        running.update(bytes, 0, LENGTH);
    }
}
