package io.pataka.service.benchmark;

import io.pataka.service.model.BlobId;
import io.pataka.service.model.BlockCodec;
import io.pataka.service.model.DataKey;
import io.pataka.service.model.UndecodableBlockException;
import java.nio.ByteBuffer;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The time that encryption takes: for a whole block of 65,520 bytes, and for what a new blob needs before its first byte. The warm-up is
 * long, because Java compiles AES-GCM after thousands of calls only.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class EncryptionBenchmark {

    private final DataKey key = DataKey.random();
    private final BlobId blob = BlobId.random(1);
    private final BlockCodec codec = key.codec(blob);

    /** As in a request: the payload lies before the bytes. */
    private final byte[] buffer = new byte[2 * BlockCodec.BLOCK];

    private final byte[] bytes = new byte[codec.plainBlock()];
    private final byte[] payload = new byte[BlockCodec.BLOCK];
    private long block;

    @Setup
    public void encodeOnce() {
        new Random(1).nextBytes(buffer);
        codec.encode(0, false, ByteBuffer.wrap(bytes), ByteBuffer.wrap(payload));
    }

    @Benchmark
    public void encode() {
        codec.encode(
                ++block,
                false,
                ByteBuffer.wrap(buffer, BlockCodec.BLOCK, codec.plainBlock()),
                ByteBuffer.wrap(buffer, 0, BlockCodec.BLOCK));
    }

    @Benchmark
    public void decode() throws UndecodableBlockException {
        codec.decode(0, false, ByteBuffer.wrap(payload), ByteBuffer.wrap(bytes));
    }

    @Benchmark
    public BlockCodec codecOfABlob() {
        return key.codec(blob);
    }

    @Benchmark
    public DataKey newDataKey() {
        return DataKey.random();
    }
}
