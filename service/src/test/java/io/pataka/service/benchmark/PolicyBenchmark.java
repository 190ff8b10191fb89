package io.pataka.service.benchmark;

import io.pataka.service.access.policy.BucketPolicy;
import io.pataka.service.access.policy.MalformedPolicyException;
import io.pataka.service.access.policy.PolicyJudgement;
import io.pataka.service.access.policy.PolicyPrincipal;
import io.pataka.service.access.policy.PolicyQuestion;
import io.pataka.service.model.BucketName;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Evaluating and parsing a policy of 20 KiB. None of its statements applies, so that all are evaluated. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class PolicyBenchmark {

    private static final BucketName BUCKET = new BucketName("a-bucket-of-some-project");

    /** What the 20 KiB are full of. */
    @Param({"statements", "resources", "variables", "addresses", "stars"})
    public String fullOf;

    private String json;
    private BucketPolicy policy;
    private final PolicyQuestion question = new Question();

    @Setup
    public void read() throws MalformedPolicyException {
        json = switch (fullOf) {
            case "statements" ->
                document(
                        "",
                        ",",
                        "",
                        i -> statement("\"arn:aws:s3:::" + BUCKET + "/projects/" + i + "/*\"", "203.0.113." + i % 256));
            case "resources" -> listed(i -> "arn:aws:s3:::" + BUCKET + "/projects/" + i + "/*");
            case "variables" -> listed(i -> "arn:aws:s3:::" + BUCKET + "/*/${keystone:userid}/" + i);
            case "stars" -> listed(i -> "arn:aws:s3:::" + BUCKET + "/*a*" + i + "*.jpg*x");
            case "addresses" ->
                document(
                        "{\"Effect\":\"Allow\",\"Principal\":\"*\",\"Action\":\"s3:GetObject\",\"Resource\":\"*\","
                                + "\"Condition\":{\"IpAddress\":{\"aws:SourceIp\":[",
                        ",",
                        "]}}}",
                        i -> "\"198.51." + i / 256 + "." + i % 256 + "\"");
            default -> throw new IllegalArgumentException(fullOf);
        };
        policy = BucketPolicy.parse(json, BUCKET);
        if (policy.judge(question).effect() != PolicyJudgement.Effect.NONE) {
            throw new IllegalStateException("a statement speaks of the question, so not all are looked at");
        }
    }

    private static String statement(String resources, String address) {
        return "{\"Effect\":\"Allow\",\"Principal\":\"*\",\"Action\":\"s3:Get*\",\"Resource\":" + resources
                + ",\"Condition\":{\"IpAddress\":{\"aws:SourceIp\":\"" + address + "\"}}}";
    }

    private static String listed(IntFunction<String> resource) {
        return document(
                "{\"Effect\":\"Allow\",\"Principal\":\"*\",\"Action\":\"s3:Get*\",\"Resource\":[",
                ",",
                "]}",
                i -> "\"" + resource.apply(i) + "\"");
    }

    /** As many pieces as fit. */
    private static String document(String head, String separator, String tail, IntFunction<String> piece) {
        StringBuilder text = new StringBuilder("{\"Version\":\"2012-10-17\",\"Statement\":[").append(head);
        for (int i = 0; text.length() + piece.apply(i).length() + tail.length() + 4 <= BucketPolicy.MAX_BYTES; i++) {
            text.append(i == 0 ? "" : separator).append(piece.apply(i));
        }
        return text.append(tail).append("]}").toString();
    }

    @Benchmark
    public PolicyJudgement judge() {
        return policy.judge(question);
    }

    @Benchmark
    public BucketPolicy parse() throws MalformedPolicyException {
        return BucketPolicy.parse(json, BUCKET);
    }

    /** A read of an object under a long key, by a user of another project. */
    private static final class Question implements PolicyQuestion {

        private static final Map<String, List<String>> VALUES = Map.of(
                "aws:SourceIp", List.of("192.0.2.1"),
                "keystone:userid", List.of("9f1b6b0c7c0d4a53b7c0c9a7f7b1d2aa"));

        private final PolicyPrincipal principal =
                new PolicyPrincipal("5a8a7d3fd0a24d5fb2b0a6f6a3a0f3c1", "9f1b6b0c7c0d4a53b7c0c9a7f7b1d2aa");

        @Override
        public PolicyPrincipal principal() {
            return principal;
        }

        @Override
        public String action() {
            return "s3:GetObject";
        }

        @Override
        public String resource() {
            return "arn:aws:s3:::" + BUCKET
                    + "/projects/none/2026/11/23/photographs/of/cats/and/dogs/IMG_20261123.jpeg";
        }

        @Override
        public List<String> values(String conditionKey) {
            return VALUES.getOrDefault(conditionKey, List.of());
        }
    }
}
