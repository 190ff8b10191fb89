package io.pataka.service.access.policy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.pataka.service.access.policy.PolicyJudgement.Effect;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Generated policies: {@link BucketPolicy} and the slow evaluator decide alike, and a broken policy gets a normal refusal. */
class ReferenceTest {

    private static final int POLICIES = 1_000;
    private static final int QUESTIONS = 30;
    private static final ObjectMapper JSON = new ObjectMapper();

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void judgesAsTheReferenceDoes(long seed) throws JsonProcessingException {
        MadeUp world = new MadeUp(seed);
        Map<Effect, Integer> seen = new EnumMap<>(Effect.class);
        int refused = 0;
        for (int i = 0; i < POLICIES; i++) {
            Map<String, Object> document = world.policy();
            String json = JSON.writeValueAsString(document);
            BucketPolicy policy;
            try {
                policy = BucketPolicy.parse(json, Policies.BUCKET);
            } catch (MalformedPolicyException nothingApplies) {
                assertThat(nothingApplies.getMessage())
                        .as(json)
                        .isIn(
                                "Action does not apply to any resource(s) in statement",
                                "Conditions do not apply to combination of actions and resources in statement");
                refused++;
                continue;
            }
            for (int q = 0; q < QUESTIONS; q++) {
                PolicyQuestion question = world.question();
                Effect expected = new ReferenceEvaluator(document, question).judge();
                assertThat(policy.judge(question).effect())
                        .as("%s asked %s", json, question)
                        .isEqualTo(expected);
                seen.merge(expected, 1, Integer::sum);
            }
        }
        // A generator whose policies never match would prove nothing.
        assertThat(seen)
                .hasSize(3)
                .allSatisfy((effect, count) -> assertThat(count).isGreaterThan(POLICIES));
        assertThat(refused).isLessThan(POLICIES / 4);
    }

    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13, 14})
    @Timeout(value = 60, unit = TimeUnit.SECONDS)
    void aBrokenTextCausesNoErrorButMalformed(long seed) throws JsonProcessingException {
        MadeUp world = new MadeUp(seed);
        int malformed = 0;
        for (int i = 0; i < 5_000; i++) {
            String text = world.mutated(JSON.writeValueAsString(world.policy()));
            try {
                BucketPolicy policy = BucketPolicy.parse(text, Policies.BUCKET);
                policy.judge(world.question());
                policy.isPublic();
            } catch (MalformedPolicyException expected) {
                assertThat(expected.getMessage()).isNotBlank();
                assertThat(expected.fault()).isNotBlank();
                malformed++;
            }
        }
        assertThat(malformed).isGreaterThan(2_000);
    }

    /** Texts for which a matcher that backtracks to every star would take years. */
    @Test
    @Timeout(value = 20, unit = TimeUnit.SECONDS)
    void wildcardsCannotBeMadeToBacktrack() {
        String stars = "a*".repeat(4_000);
        BucketPolicy policy = Policies.policy("{'Effect':'Allow','Principal':'*','Action':'s3:GetObject','Resource':["
                + "'arn:aws:s3:::bucket/" + stars + "b','arn:aws:s3:::bucket/" + "*a?".repeat(1_000) + "b']}");
        for (int i = 0; i < 100; i++) {
            assertThat(policy.judge(Asked.anonymously().on("bucket/" + "a".repeat(1_024)))
                            .effect())
                    .isEqualTo(Effect.NONE);
        }
    }
}
