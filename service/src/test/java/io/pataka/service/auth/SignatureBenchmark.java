package io.pataka.service.auth;

import io.pataka.service.protocol.S3Request;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** The cost of authenticating a request whose secret is known: microseconds for one signature of version 4. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class SignatureBenchmark {

    private final Authenticator authenticator = new Authenticator(
            FixedCredentials.V4,
            SignatureRules.standard(),
            Clock.fixed(Instant.parse(SignedRequest.NOW), ZoneOffset.UTC));

    private final S3Request inHeader =
            SignedRequest.of("GET", "/bucket/folder/key.txt", "").build();

    private final S3Request inQuery = Requests.of(
                    "GET",
                    "/bucket/folder/key.txt?"
                            + SignedRequest.presignedQuery(
                                    "GET", "/bucket/folder/key.txt", SignedRequest.TIME, "3600", Map.of()))
            .header("host", "localhost:8080")
            .build();

    @Benchmark
    public Object header() {
        return authenticator.authenticate(inHeader);
    }

    @Benchmark
    public Object presigned() {
        return authenticator.authenticate(inQuery);
    }
}
