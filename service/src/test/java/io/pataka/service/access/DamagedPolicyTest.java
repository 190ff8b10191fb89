package io.pataka.service.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.pataka.service.access.policy.PolicyJudgement.Effect;
import io.pataka.service.access.policy.PolicyPrincipal;
import io.pataka.service.access.policy.PolicyQuestion;
import io.pataka.service.model.Bucket;
import io.pataka.service.model.BucketName;
import io.pataka.service.model.Caller;
import io.pataka.service.model.DocumentKind;
import io.pataka.service.model.Owner;
import io.pataka.service.operation.MemoryBucketCatalog;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DamagedPolicyTest {

    private final MemoryBucketCatalog buckets = new MemoryBucketCatalog();

    @ParameterizedTest
    @ValueSource(strings = {"s3:GetObject", "s3:PutObject", "s3:ListBucket", "s3:DeleteBucketPolicy"})
    void deniesEverythingAndFailsNothing(String action) {
        BucketAccess access =
                BucketAccess.Documents.of(bucket("not a policy"), buckets).read(bucket("not a policy"));

        assertThat(access.policy().orElseThrow().judge(question(action)).effect())
                .isEqualTo(Effect.DENY);
    }

    @Test
    void aGoodPolicyIsRead() {
        Bucket bucket = bucket("""
                {"Statement": {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::photos/*"}}
                """);

        BucketAccess access = BucketAccess.Documents.of(bucket, buckets).read(bucket);

        assertThat(access.policy().orElseThrow().judge(question("s3:GetObject")).effect())
                .isEqualTo(Effect.ALLOW);
    }

    private Bucket bucket(String policy) {
        BucketName name = new BucketName("photos");
        buckets.create(name, new Owner("owner", "Owner"), false, 0, Map.of());
        Bucket bucket = buckets.findFresh(name).orElseThrow();
        buckets.putDocument(bucket, DocumentKind.POLICY, policy);
        return bucket;
    }

    private static PolicyQuestion question(String action) {
        return new PolicyQuestion() {
            @Override
            public PolicyPrincipal principal() {
                return PolicyPrincipal.of(Caller.ANONYMOUS);
            }

            @Override
            public String action() {
                return action;
            }

            @Override
            public String resource() {
                boolean ofTheBucket = action.contains("Bucket");
                return "arn:aws:s3:::photos" + (ofTheBucket ? "" : "/cat");
            }

            @Override
            public List<String> values(String conditionKey) {
                return List.of();
            }
        };
    }
}
