package io.pataka.service.auth;

import io.pataka.keystone.CredentialResolver;
import io.pataka.keystone.KeystoneConnection;
import io.pataka.keystone.KeystoneMetrics;
import io.pataka.keystone.SignedProof;
import io.pataka.keystone.testing.Ec2Key;
import io.pataka.keystone.testing.FakeKeystone;
import io.pataka.service.protocol.S3Request;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
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
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The cost, in microseconds, of authenticating a request whose key Keystone has and the cache holds. On a busy machine the median
 * is the best measure. The server does not ask Keystone about the key again while this runs.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 10, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class WarmKeyBenchmark {

    private FakeKeystone keystone;
    private KeystoneConnection connection;
    private CredentialResolver resolver;
    private Authenticator authenticator;
    private SignedProof proof;
    private S3Request request;
    private int callsWhenWarm;

    @Setup
    public void warmUp() {
        keystone = FakeKeystone.start();
        String user = keystone.user("alice");
        String project = keystone.project("storage");
        keystone.grant(user, project, "member");
        Ec2Key key = keystone.ec2Key(FixedCredentials.V4.accessKey(), FixedCredentials.V4.secretKey(), user, project);
        proof = key.signV4();
        connection = KeystoneConnection.open(
                keystone.settings().cacheLifetime(Duration.ofHours(1)).build(), KeystoneMetrics.NONE);
        resolver = connection.resolver();
        authenticator = new Authenticator(
                resolver, SignatureRules.standard(), Clock.fixed(Instant.parse(SignedRequest.NOW), ZoneOffset.UTC));
        request = SignedRequest.of("GET", "/bucket/folder/key.txt", "").build();
        authenticator.authenticate(request);
        callsWhenWarm = keystone.allCalls();
    }

    @TearDown
    public void close() {
        int calls = keystone.allCalls();
        connection.close();
        keystone.close();
        if (calls != callsWhenWarm) {
            throw new IllegalStateException("a warm key cost " + (calls - callsWhenWarm) + " calls");
        }
    }

    /** The signature alone: four HMACs for the signing key and one for the text, and the look-up of the key. */
    @Benchmark
    public Object signature() {
        return resolver.resolve(proof);
    }

    /** All of it, from the request to the caller. */
    @Benchmark
    public Object request() {
        return authenticator.authenticate(request);
    }
}
