package io.pataka.service.access.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.pataka.service.access.policy.PolicyJudgement.Effect;
import io.pataka.service.model.BucketName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The policies of {@code docs/sharing.md}, word for word, do what the page says. */
class SharingPageTest {

    private static final String REPORTS = "2f5d8c0e9a7b4d6c8e1f3a5b7c9d0e2f";
    private static final String OWNER = "7c1e4b9d2a6f4c8e9b0d3f5a7e8c6b1d";
    private static final String CAMERA = "e3a9c5d17b2f4e6a8c0d9b7f5e3a1c2d";

    private static List<BucketPolicy> policies;

    @BeforeAll
    static void read() throws IOException {
        String page = Files.readString(Path.of("docs", "sharing.md"));
        policies = Pattern.compile("```json\n(.*?)```", Pattern.DOTALL)
                .matcher(page)
                .results()
                .map(SharingPageTest::parsed)
                .toList();
        assertThat(policies).hasSize(4);
    }

    private static BucketPolicy parsed(MatchResult block) {
        try {
            return BucketPolicy.parse(block.group(1), new BucketName("photos"));
        } catch (MalformedPolicyException malformed) {
            throw new AssertionError(malformed.getMessage() + ": " + malformed.fault(), malformed);
        }
    }

    private static Effect effect(int policy, Asked asked) {
        return policies.get(policy).judge(asked).effect();
    }

    @Test
    void anotherProjectReads() {
        Asked reports = Asked.by(REPORTS, "any");
        assertThat(effect(0, reports.to("s3:ListBucket").on("photos"))).isEqualTo(Effect.ALLOW);
        assertThat(effect(0, reports.to("s3:GetObject").on("photos/cat.jpg"))).isEqualTo(Effect.ALLOW);
        assertThat(effect(0, reports.to("s3:PutObject").on("photos/cat.jpg"))).isEqualTo(Effect.NONE);
        assertThat(effect(0, Asked.by("other", "any").on("photos/cat.jpg"))).isEqualTo(Effect.NONE);
        assertThat(effect(0, Asked.anonymously().on("photos/cat.jpg"))).isEqualTo(Effect.NONE);
        assertThat(policies.get(0).isPublic()).isFalse();
    }

    @Test
    void everyoneReads() {
        assertThat(effect(1, Asked.anonymously().on("photos/cat.jpg"))).isEqualTo(Effect.ALLOW);
        assertThat(effect(1, Asked.anonymously().to("s3:ListBucket").on("photos")))
                .isEqualTo(Effect.NONE);
        assertThat(policies.get(1).isPublic()).isTrue();
    }

    @Test
    void theCameraMayWriteOnlyBelowItsPrefix() {
        Asked camera = Asked.by(OWNER, CAMERA);
        assertThat(effect(2, camera.to("s3:PutObject").on("photos/uploads/1.jpg")))
                .isEqualTo(Effect.NONE);
        assertThat(effect(2, camera.to("s3:PutObject").on("photos/1.jpg"))).isEqualTo(Effect.DENY);
        assertThat(effect(2, camera.to("s3:GetObject").on("photos/albums/1.jpg")))
                .isEqualTo(Effect.DENY);
        assertThat(effect(2, camera.to("s3:DeleteBucket").on("photos"))).isEqualTo(Effect.DENY);
        Asked listing = camera.to("s3:ListBucket").on("photos");
        assertThat(effect(2, listing.with("s3:prefix", "uploads/2026/"))).isEqualTo(Effect.NONE);
        assertThat(effect(2, listing.with("s3:prefix", "albums/"))).isEqualTo(Effect.DENY);
        assertThat(effect(2, listing)).isEqualTo(Effect.DENY);
        assertThat(effect(2, Asked.by(OWNER, "another").to("s3:PutObject").on("photos/1.jpg")))
                .isEqualTo(Effect.NONE);
    }

    @Test
    void onlyJanitorsDelete() {
        Asked deleting = Asked.by(OWNER, "any").to("s3:DeleteObject").on("photos/cat.jpg");
        assertThat(effect(3, deleting.with("keystone:role", "member"))).isEqualTo(Effect.DENY);
        assertThat(effect(3, deleting.with("keystone:role", "member", "janitor")))
                .isEqualTo(Effect.NONE);
        assertThat(effect(3, deleting.to("s3:PutObject").with("keystone:role", "member")))
                .isEqualTo(Effect.NONE);
        assertThat(effect(3, deleting.to("s3:DeleteBucket").on("photos").with("keystone:role", "member")))
                .isEqualTo(Effect.DENY);
    }
}
