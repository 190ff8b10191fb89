package io.pataka.service.access.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.pataka.service.access.policy.PolicyJudgement.Effect;
import io.pataka.service.model.BucketName;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One request that asks about many objects. */
class ConditionMemoryTest {

    private final List<String> asked = new ArrayList<>();

    private static BucketPolicy policy(String condition) throws MalformedPolicyException {
        return BucketPolicy.parse("""
                {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Principal": "*", "Action": "s3:DeleteObject*",
                 "Resource": "arn:aws:s3:::bucket/a*", "Condition": {"StringLike": {%s}}}}
                """.formatted(condition), new BucketName("bucket"));
    }

    private record Remembering(Asked about, ConditionMemory conditions, List<String> asked) implements PolicyQuestion {

        @Override
        public PolicyPrincipal principal() {
            return about.principal();
        }

        @Override
        public String action() {
            return about.action();
        }

        @Override
        public String resource() {
            return about.resource();
        }

        @Override
        public List<String> values(String conditionKey) {
            asked.add(conditionKey);
            return about.values(conditionKey);
        }

        @Override
        public Optional<ConditionMemory> memory() {
            return Optional.of(conditions);
        }
    }

    private PolicyQuestion delete(String key, Map<String, List<String>> context, ConditionMemory memory) {
        return new Remembering(
                new Asked(PolicyPrincipal.ANONYMOUS, "s3:DeleteObject", "arn:aws:s3:::bucket/" + key, context),
                memory,
                asked);
    }

    @Test
    void judgesWhatTheRequestAloneDecidesOnce() throws MalformedPolicyException {
        BucketPolicy policy = policy("\"aws:UserAgent\": \"*x*\"");
        ConditionMemory memory = new ConditionMemory();
        Map<String, List<String>> context = Map.of("aws:UserAgent", List.of("axb"));

        for (String key : List.of("a1", "b", "a2", "a3")) {
            Effect expected = key.startsWith("a") ? Effect.ALLOW : Effect.NONE;
            assertThat(policy.judge(delete(key, context, memory)).effect()).isEqualTo(expected);
        }

        assertThat(asked).containsExactly("aws:UserAgent");
    }

    @ParameterizedTest
    @CsvSource({
        "s3:VersionId, 1",
        "s3:ExistingObjectTag/class, 1",
        "aws:UserAgent, ${s3:VersionId}",
        "aws:UserAgent, ${s3:ExistingObjectTag/class}"
    })
    void judgesWhatAnObjectDecidesForEachObject(String key, String value) throws MalformedPolicyException {
        BucketPolicy policy = policy("\"" + key + "\": \"" + value + "\"");
        ConditionMemory memory = new ConditionMemory();

        for (String own : List.of("1", "2", "1")) {
            Map<String, List<String>> context = Map.of(
                    "aws:UserAgent",
                    List.of("1"),
                    "s3:VersionId",
                    List.of(own),
                    "s3:prefix",
                    List.of(own),
                    "s3:ExistingObjectTag/class",
                    List.of(own));
            Effect expected = own.equals("1") ? Effect.ALLOW : Effect.NONE;
            assertThat(policy.judge(delete("a", context, memory)).effect()).isEqualTo(expected);
        }
    }
}
