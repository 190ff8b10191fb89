package io.pataka.service.benchmark;

import io.pataka.service.operation.TestPipeline;
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

/** What a page of a listing costs above the index: pager and document, over 100,000 keys in memory in 1,000 folders. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class ListingBenchmark {

    private final TestPipeline pipeline = new TestPipeline();

    @Setup
    public void fill() {
        pipeline.call("PUT", "/bucket").send();
        for (int i = 0; i < 100_000; i++) {
            pipeline.call("PUT", String.format("/bucket/folder-%03d/key-%06d", i / 100, i))
                    .send();
        }
    }

    @Benchmark
    public byte[] thousandKeysFromTheMiddle() {
        return pipeline.call("GET", "/bucket?list-type=2&start-after=folder-500/")
                .send()
                .body();
    }

    @Benchmark
    public byte[] thousandCommonPrefixes() {
        return pipeline.call("GET", "/bucket?list-type=2&delimiter=/").send().body();
    }
}
