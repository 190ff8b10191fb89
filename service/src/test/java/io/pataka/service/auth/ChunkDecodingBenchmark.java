package io.pataka.service.auth;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
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

/** The speed of decoding an aws-chunked body: bytes of payload per microsecond, which is MB/s, in chunks of 64 KiB. */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class ChunkDecodingBenchmark {

    private static final int CHUNKS = 16;
    private static final int CHUNK = 64 * 1024;

    /** With a signature for each chunk, or without any. */
    @Param({"true", "false"})
    public boolean signed;

    private final byte[] buffer = new byte[128 * 1024];
    private ChunkedWire wire;
    private byte[] bytes;

    @Setup
    public void write() {
        byte[] chunk = new byte[CHUNK];
        new Random(1).nextBytes(chunk);
        wire = signed ? ChunkedWire.signed() : ChunkedWire.unsigned();
        for (int i = 0; i < CHUNKS; i++) {
            wire.chunk(chunk);
        }
        bytes = wire.last().raw("\r\n").bytes();
    }

    @Benchmark
    @OperationsPerInvocation(CHUNKS * CHUNK)
    public long decode() throws IOException {
        long length = 0;
        try (InputStream in = new AwsChunkedInputStream(new ByteArrayInputStream(bytes), wire.framing())) {
            for (int read = in.read(buffer, 0, buffer.length); read >= 0; read = in.read(buffer, 0, buffer.length)) {
                length += read;
            }
        }
        return length;
    }
}
