package io.pataka.service.operation.lock;

import static io.pataka.service.operation.TestPipeline.ALICES_ADMIN;
import static io.pataka.service.operation.TestPipeline.BOB;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.pataka.service.model.Bucket.Versioning;
import io.pataka.service.model.Caller;
import io.pataka.service.operation.TestPipeline;
import io.pataka.service.operation.TestPipeline.Reply;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import io.pataka.service.protocol.xml.XmlElement;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.apache.commons.codec.digest.DigestUtils;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The operations of object lock, and the lock in other operations. */
final class ObjectLockTest {

    private static final String MODE = "x-amz-object-lock-mode";
    private static final String UNTIL = "x-amz-object-lock-retain-until-date";
    private static final String HOLD = "x-amz-object-lock-legal-hold";
    private static final String BYPASS = "x-amz-bypass-governance-retention";
    private static final String FAR = "2140-01-01T00:00:00.000Z";
    private static final String LOCKED = "Access Denied because object protected by object lock.";

    private final TestPipeline pipeline = new TestPipeline();

    @BeforeEach
    void makeBuckets() {
        pipeline.call("PUT", "/vault")
                .header("x-amz-bucket-object-lock-enabled", "true")
                .send();
        pipeline.call("PUT", "/plain").send();
        pipeline.call("PUT", "/plain/k").body("text").send();
    }

    private static String md5(String body) {
        return Base64.getEncoder().encodeToString(DigestUtils.md5(body));
    }

    /** A request of Alice's whose body has a digest. */
    private TestPipeline.Call put(String target, String body) {
        return pipeline.call("PUT", target).header("Content-MD5", md5(body)).body(body);
    }

    private String version(String key) {
        return put("/vault/" + key, "text").send().header("x-amz-version-id");
    }

    private static String retention(String mode, String until) {
        return "<Retention><Mode>" + mode + "</Mode><RetainUntilDate>" + until + "</RetainUntilDate></Retention>";
    }

    private static String hold(String status) {
        return "<LegalHold><Status>" + status + "</Status></LegalHold>";
    }

    private static String configuration(String rule) {
        return "<ObjectLockConfiguration><ObjectLockEnabled>Enabled</ObjectLockEnabled>" + rule
                + "</ObjectLockConfiguration>";
    }

    private static String rule(String content) {
        return configuration("<Rule><DefaultRetention>" + content + "</DefaultRetention></Rule>");
    }

    private static void assertError(S3Exception refused, S3Error error, String message) {
        assertThat(refused).hasMessage(message);
        assertThat(refused.error()).isEqualTo(error);
    }

    private void policy(String... statements) {
        String policy = "{\"Version\":\"2012-10-17\",\"Statement\":[" + String.join(",", statements) + "]}";
        assertThat(pipeline.call("PUT", "/vault?policy").body(policy).send().status())
                .isEqualTo(204);
    }

    private static String statement(String effect, String principal, String actions, String condition) {
        return "{\"Effect\":\"" + effect + "\",\"Principal\":{\"AWS\":\"" + principal + "\"},\"Action\":[" + actions
                + "],\"Resource\":\"arn:aws:s3:::vault/*\"" + condition + "}";
    }

    private static final String BOBS = "arn:aws:iam::bob:root";

    @Test
    void theConfigurationIsReadAsItWasSet() {
        String content = "<Mode>GOVERNANCE</Mode><Days>1</Days>";
        assertThat(put("/vault?object-lock", rule(content))
                        .header("x-amz-bucket-object-lock-token", "any")
                        .send()
                        .status())
                .isEqualTo(200);

        assertThat(pipeline.call("GET", "/vault?object-lock").send().text())
                .contains("<ObjectLockEnabled>Enabled</ObjectLockEnabled><Rule><DefaultRetention>" + content);

        put("/vault?object-lock", configuration("")).send();
        XmlElement cleared = pipeline.call("GET", "/vault?object-lock").send().xml("ObjectLockConfiguration");
        assertThat(cleared.requiredText("ObjectLockEnabled")).isEqualTo("Enabled");
        assertThat(cleared.first("Rule")).isEmpty();
        assertThat(pipeline.bucket("vault").objectLock()).isTrue();
    }

    @Test
    void onlyABucketWithVersioningGetsALock() {
        String document = rule("<Mode>COMPLIANCE</Mode><Years>1</Years>");
        for (String state : List.of("", "Suspended")) {
            if (!state.isEmpty()) {
                versioning("plain", state).send();
            }
            assertError(
                    put("/plain?object-lock", document).refused(),
                    S3Error.INVALID_BUCKET_STATE,
                    "Versioning must be 'Enabled' on the bucket to apply a Object Lock configuration");
        }
        S3Exception none = pipeline.call("GET", "/plain?object-lock").refused();
        assertThat(none.error()).isEqualTo(S3Error.OBJECT_LOCK_CONFIGURATION_NOT_FOUND);
        assertThat(none.details()).containsEntry("BucketName", "plain");

        versioning("plain", "Enabled").send();
        assertThat(put("/plain?object-lock", document).send().status()).isEqualTo(200);
        assertThat(pipeline.bucket("plain").objectLock()).isTrue();
    }

    private TestPipeline.Call versioning(String bucket, String state) {
        return pipeline.call("PUT", "/" + bucket + "?versioning")
                .body("<VersioningConfiguration><Status>" + state + "</Status></VersioningConfiguration>");
    }

    @Test
    void versioningOfABucketWithALockStaysOn() {
        assertError(
                versioning("vault", "Suspended").refused(),
                S3Error.INVALID_BUCKET_STATE,
                "An Object Lock configuration is present on this bucket, so the versioning state cannot be changed.");
        assertThat(versioning("vault", "Enabled").send().status()).isEqualTo(200);
        assertThat(pipeline.bucket("vault").versioning()).isEqualTo(Versioning.ENABLED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/vault?object-lock", "/vault/k?retention", "/vault/k?legal-hold"})
    void aDocumentNeedsADigest(String target) {
        version("k");

        assertError(
                pipeline.call("PUT", target).body("<X/>").refused(),
                S3Error.INVALID_REQUEST,
                "Missing required header for this request: Content-MD5 OR x-amz-checksum-*");
    }

    @Test
    void aBucketWithoutALockTakesNoneForItsVersions() {
        String missing = "Bucket is missing Object Lock Configuration";
        for (String word : List.of("retention", "legal-hold")) {
            assertError(pipeline.call("GET", "/plain/k?" + word).refused(), S3Error.NO_OBJECT_LOCK, missing);
        }
        assertError(put("/plain/k?retention", retention("GOVERNANCE", FAR)).refused(), S3Error.NO_OBJECT_LOCK, missing);
        assertError(put("/plain/k?legal-hold", hold("ON")).refused(), S3Error.NO_OBJECT_LOCK, missing);
        assertError(
                put("/plain/k", "x")
                        .header(MODE, "GOVERNANCE")
                        .header(UNTIL, FAR)
                        .refused(),
                S3Error.NO_OBJECT_LOCK,
                missing);
        assertError(put("/plain/k", "x").header(HOLD, "OFF").refused(), S3Error.NO_OBJECT_LOCK, missing);
        assertThat(pipeline.call("GET", "/plain/k").send().text()).isEqualTo("text");
        assertError(
                pipeline.call("DELETE", "/plain/k").header(BYPASS, "true").refused(),
                S3Error.NO_LOCK_TO_BYPASS,
                "x-amz-bypass-governance-retention is only applicable to Object Lock enabled buckets.");
        String document = "<Delete><Object><Key>k</Key></Object></Delete>";
        assertThat(pipeline.call("POST", "/plain?delete")
                        .header("Content-MD5", md5(document))
                        .header(BYPASS, "true")
                        .body(document)
                        .send()
                        .text())
                .as("ceph/s3-tests empty all their buckets so")
                .contains("<Deleted><Key>k</Key></Deleted>");
    }

    @Test
    void aNewObjectIsLockedAsItsHeadersSay() {
        put("/vault/k", "text")
                .header(MODE, "GOVERNANCE")
                .header(UNTIL, "2030-01-01T00:00:00Z")
                .header(HOLD, "ON")
                .send();

        for (String method : List.of("GET", "HEAD")) {
            assertThat(pipeline.call(method, "/vault/k").send().response().headers())
                    .containsEntry(MODE, "GOVERNANCE")
                    .containsEntry(UNTIL, "2030-01-01T00:00:00.000Z")
                    .containsEntry(HOLD, "ON");
        }
        XmlElement retention = pipeline.call("GET", "/vault/k?retention").send().xml("Retention");
        assertThat(retention.requiredText("Mode")).isEqualTo("GOVERNANCE");
        assertThat(retention.requiredText("RetainUntilDate")).isEqualTo("2030-01-01T00:00:00.000Z");
        assertThat(pipeline.call("GET", "/vault/k?legal-hold")
                        .send()
                        .xml("LegalHold")
                        .requiredText("Status"))
                .isEqualTo("ON");
    }

    @Test
    void anObjectWithALockOfItsOwnNeedsADigest() {
        String message = "Content-MD5 OR x-amz-checksum- HTTP header is required for Put Object requests with Object"
                + " Lock parameters";
        assertError(
                pipeline.call("PUT", "/vault/k").header(HOLD, "ON").body("x").refused(),
                S3Error.INVALID_REQUEST,
                message);
        assertThat(pipeline.call("PUT", "/vault/k")
                        .header(HOLD, "OFF")
                        .header("x-amz-checksum-crc32", "jNhKXA==")
                        .body("x")
                        .refused())
                .as("the checksum is not that of x, and was compared")
                .extracting(S3Exception::error)
                .isEqualTo(S3Error.BAD_DIGEST);
        put("/vault?object-lock", rule("<Mode>GOVERNANCE</Mode><Days>1</Days>")).send();
        assertThat(pipeline.call("PUT", "/vault/k").body("x").send().status())
                .as("the default of the bucket needs no digest")
                .isEqualTo(200);
    }

    @Test
    void whatWasNeverLockedHasNoLock() {
        String version = version("k");

        for (String word : List.of("retention", "legal-hold")) {
            assertError(
                    pipeline.call("GET", "/vault/k?" + word).refused(),
                    S3Error.NO_SUCH_OBJECT_LOCK_CONFIGURATION,
                    "The specified object does not have a ObjectLock configuration");
        }
        assertThat(pipeline.call("HEAD", "/vault/k").send().response().headers())
                .doesNotContainKeys(MODE, UNTIL, HOLD);
        assertThat(pipeline.call("DELETE", "/vault/k?versionId=" + version)
                        .send()
                        .status())
                .isEqualTo(204);
    }

    @Test
    void aHoldThatIsOffIsToldAndOneThatWasNeverSetIsNot() {
        version("k");
        put("/vault/k?legal-hold", hold("OFF")).send();

        assertThat(pipeline.call("GET", "/vault/k?legal-hold")
                        .send()
                        .xml("LegalHold")
                        .requiredText("Status"))
                .isEqualTo("OFF");
        assertThat(pipeline.call("HEAD", "/vault/k").send().header(HOLD)).isEqualTo("OFF");
    }

    @Test
    void theDefaultRetentionLocksNewVersionsThatAskForNone() {
        put("/vault?object-lock", rule("<Mode>COMPLIANCE</Mode><Days>3</Days>")).send();
        String version = version("k");

        assertThat(pipeline.call("HEAD", "/vault/k").send().header(MODE)).isEqualTo("COMPLIANCE");
        String until = pipeline.call("HEAD", "/vault/k").send().header(UNTIL);
        Instant made = pipeline.call("GET", "/vault?versions").send().xml("ListVersionsResult").all("Version").stream()
                .map(line -> Instant.parse(line.requiredText("LastModified")))
                .findFirst()
                .orElseThrow();
        assertThat(Instant.parse(until).truncatedTo(ChronoUnit.SECONDS)).isEqualTo(made.plus(3, ChronoUnit.DAYS));

        put("/vault/k?legal-hold", hold("ON")).send();
        assertThat(pipeline.call("HEAD", "/vault/k?versionId=" + version).send().header(UNTIL))
                .as("a hold leaves the retention")
                .isEqualTo(until);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "GOVERNANCE | GOVERNANCE | 2139-12-31T23:59:59Z | false | 403",
                "GOVERNANCE | GOVERNANCE | 2139-12-31T23:59:59Z | true  | 200",
                "GOVERNANCE | GOVERNANCE | 2140-01-01T00:00:00Z | false | 200",
                "GOVERNANCE | GOVERNANCE | 2140-01-01T00:00:01Z | false | 200",
                "GOVERNANCE | COMPLIANCE | 2140-01-01T00:00:00Z | false | 403",
                "GOVERNANCE | COMPLIANCE | 2140-01-01T00:00:00Z | true  | 200",
                "GOVERNANCE | COMPLIANCE | 2150-01-01T00:00:00Z | false | 403",
                "GOVERNANCE | ''         | ''                   | false | 403",
                "GOVERNANCE | ''         | ''                   | true  | 200",
                "COMPLIANCE | COMPLIANCE | 2139-12-31T23:59:59Z | true  | 403",
                "COMPLIANCE | COMPLIANCE | 2140-01-01T00:00:00Z | false | 200",
                "COMPLIANCE | COMPLIANCE | 2140-01-01T00:00:01Z | false | 200",
                "COMPLIANCE | GOVERNANCE | 2140-01-01T00:00:00Z | true  | 403",
                "COMPLIANCE | GOVERNANCE | 2150-01-01T00:00:00Z | true  | 403",
                "COMPLIANCE | ''         | ''                   | true  | 403"
            })
    void aRetentionInForceIsExtendedOrBypassed(String before, String after, String until, String bypass, int status) {
        version("k");
        put("/vault/k?retention", retention(before, FAR)).send();

        TestPipeline.Call change = put("/vault/k?retention", after.isEmpty() ? "<Retention/>" : retention(after, until))
                .by(ALICES_ADMIN)
                .header(BYPASS, bypass);

        if (status == 403) {
            assertError(change.refused(), S3Error.ACCESS_DENIED, LOCKED);
            assertThat(pipeline.call("HEAD", "/vault/k").send().response().headers())
                    .containsEntry(MODE, before)
                    .containsEntry(UNTIL, FAR);
        } else {
            assertThat(change.send().status()).isEqualTo(200);
            Map<String, String> headers =
                    pipeline.call("HEAD", "/vault/k").send().response().headers();
            assertThat(headers.getOrDefault(MODE, "")).isEqualTo(after);
            assertThat(headers.getOrDefault(UNTIL, "").replace(".000Z", "Z")).isEqualTo(until);
        }
    }

    @Test
    void aLockedVersionIsNotDeleted() {
        String version = version("k");
        put("/vault/k?retention", retention("GOVERNANCE", FAR)).send();
        String target = "/vault/k?versionId=" + version;

        assertError(pipeline.call("DELETE", target).refused(), S3Error.ACCESS_DENIED, LOCKED);
        put("/vault/k?legal-hold", hold("ON")).send();
        assertError(pipeline.call("DELETE", target).header(BYPASS, "true").refused(), S3Error.ACCESS_DENIED, LOCKED);
        put("/vault/k?legal-hold", hold("OFF")).send();

        String marker = pipeline.call("DELETE", "/vault/k").send().header("x-amz-version-id");
        assertThat(pipeline.call("DELETE", "/vault/k?versionId=" + marker)
                        .send()
                        .status())
                .as("a delete marker is deleted freely")
                .isEqualTo(204);
        assertError(pipeline.call("DELETE", target).refused(), S3Error.ACCESS_DENIED, LOCKED);
        assertThat(pipeline.call("DELETE", target).header(BYPASS, "true").send().status())
                .isEqualTo(204);
    }

    @Test
    void deletionOfManyAnswersForEachKey() {
        String locked = version("locked");
        String free = version("free");
        put("/vault/locked?retention", retention("GOVERNANCE", FAR)).send();
        String document = "<Delete>" + object("locked", locked) + object("free", free) + "</Delete>";

        Reply first = delete(document).send();
        assertThat(first.text())
                .contains("<Deleted><Key>free</Key><VersionId>" + free + "</VersionId></Deleted>")
                .contains("<Error><Key>locked</Key><VersionId>" + locked
                        + "</VersionId><Code>AccessDenied</Code><Message>" + LOCKED + "</Message></Error>");
        assertThat(delete("<Delete>" + object("locked", locked) + "</Delete>")
                        .header(BYPASS, "true")
                        .send()
                        .text())
                .contains("<Deleted><Key>locked</Key>");
    }

    /** As ceph/s3-tests clean buckets. */
    @Test
    void deleteObjectsTakesTheBypassInABucketWithoutALock() {
        assertThat(delete("plain", "<Delete><Object><Key>k</Key></Object></Delete>")
                        .header(BYPASS, "true")
                        .send()
                        .text())
                .contains("<Deleted><Key>k</Key></Deleted>");
    }

    private TestPipeline.Call delete(String document) {
        return delete("vault", document);
    }

    private TestPipeline.Call delete(String bucket, String document) {
        return pipeline.call("POST", "/" + bucket + "?delete")
                .header("Content-MD5", md5(document))
                .body(document);
    }

    private static String object(String key, String version) {
        return "<Object><Key>" + key + "</Key><VersionId>" + version + "</VersionId></Object>";
    }

    @Test
    void aDeleteMarkerHasNoLock() {
        version("k");
        String marker = pipeline.call("DELETE", "/vault/k").send().header("x-amz-version-id");

        for (String target : List.of("/vault/k?retention", "/vault/k?retention&versionId=" + marker)) {
            assertThat(put(target, retention("GOVERNANCE", FAR)).refused().error())
                    .isEqualTo(S3Error.METHOD_NOT_ALLOWED);
            assertThat(pipeline.call("GET", target).refused().error()).isEqualTo(S3Error.METHOD_NOT_ALLOWED);
        }
        assertThat(put("/vault/k?legal-hold", hold("ON")).refused().error()).isEqualTo(S3Error.METHOD_NOT_ALLOWED);
        assertThat(put("/vault/none?legal-hold", hold("ON")).refused().error()).isEqualTo(S3Error.NO_SUCH_KEY);
        assertThat(put("/vault/k?retention&versionId=1", retention("GOVERNANCE", FAR))
                        .refused()
                        .error())
                .isEqualTo(S3Error.NO_SUCH_VERSION);
    }

    @Test
    void theLockIsToldOnlyToThoseWhoMayReadIt() {
        put("/vault/k", "text")
                .header(MODE, "GOVERNANCE")
                .header(UNTIL, FAR)
                .header(HOLD, "ON")
                .send();

        policy(statement("Allow", BOBS, "\"s3:GetObject\",\"s3:GetObjectLegalHold\"", ""));
        assertThat(pipeline.call("GET", "/vault/k").by(BOB).send().response().headers())
                .doesNotContainKeys(MODE, UNTIL)
                .containsEntry(HOLD, "ON");
        assertThat(pipeline.call("GET", "/vault/k?retention").by(BOB).refused().error())
                .isEqualTo(S3Error.ACCESS_DENIED);

        policy(statement("Allow", BOBS, "\"s3:GetObject\",\"s3:GetObjectRetention\"", ""));
        assertThat(pipeline.call("HEAD", "/vault/k").by(BOB).send().response().headers())
                .doesNotContainKey(HOLD)
                .containsEntry(MODE, "GOVERNANCE");

        policy(statement("Deny", "*", "\"s3:GetObjectRetention\",\"s3:GetObjectLegalHold\"", ""));
        assertThat(pipeline.call("HEAD", "/vault/k").send().response().headers())
                .as("a Deny binds the owner, too")
                .doesNotContainKeys(MODE, UNTIL, HOLD);
        assertThat(pipeline.call("GET", "/vault/k?legal-hold")
                        .by(Caller.ANONYMOUS)
                        .refused()
                        .error())
                .isEqualTo(S3Error.ACCESS_DENIED);
    }

    @Test
    void whoeverLocksANewObjectNeedsThePermissionForIt() {
        policy(statement("Allow", BOBS, "\"s3:PutObject\"", ""));
        assertThat(put("/vault/k", "x").by(BOB).send().status()).isEqualTo(200);
        assertThat(put("/vault/k", "x")
                        .by(BOB)
                        .header(MODE, "GOVERNANCE")
                        .header(UNTIL, FAR)
                        .refused()
                        .error())
                .isEqualTo(S3Error.ACCESS_DENIED);
        assertThat(put("/vault/k", "x").by(BOB).header(HOLD, "ON").refused().error())
                .isEqualTo(S3Error.ACCESS_DENIED);

        policy(statement("Allow", BOBS, "\"s3:PutObject\",\"s3:PutObjectRetention\"", ""));
        assertThat(put("/vault/k", "x")
                        .by(BOB)
                        .header(MODE, "GOVERNANCE")
                        .header(UNTIL, FAR)
                        .send()
                        .status())
                .isEqualTo(200);
        assertThat(put("/vault/k", "x").by(BOB).header(HOLD, "ON").refused().error())
                .isEqualTo(S3Error.ACCESS_DENIED);
    }

    @Test
    void aPolicyWithholdsTheBypassFromTheOwnerAndGivesItToOthers() {
        String version = version("k");
        put("/vault/k?retention", retention("GOVERNANCE", FAR)).send();
        String target = "/vault/k?versionId=" + version;

        policy(
                statement("Deny", "arn:aws:iam::alice:root", "\"s3:BypassGovernanceRetention\"", ""),
                statement("Allow", BOBS, "\"s3:DeleteObjectVersion\"", ""));
        assertThat(pipeline.call("DELETE", target).header(BYPASS, "true").refused())
                .hasMessage(LOCKED);
        assertThat(put("/vault/k?retention", "<Retention/>")
                        .header(BYPASS, "true")
                        .refused())
                .hasMessage(LOCKED);
        assertThat(pipeline.call("DELETE", target)
                        .by(BOB)
                        .header(BYPASS, "true")
                        .refused())
                .hasMessage(LOCKED);
        String document = "<Delete>" + object("k", version) + "</Delete>";
        assertThat(delete(document).header(BYPASS, "true").send().text()).contains("<Code>AccessDenied</Code>");

        policy(statement("Allow", BOBS, "\"s3:DeleteObjectVersion\",\"s3:BypassGovernanceRetention\"", ""));
        assertThat(pipeline.call("DELETE", target).by(BOB).refused()).hasMessage(LOCKED);
        assertThat(delete(document).by(BOB).header(BYPASS, "true").send().text())
                .contains("<Deleted><Key>k</Key>");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"StringEquals\":{\"s3:object-lock-mode\":\"COMPLIANCE\"}}                            | GOVERNANCE | COMPLIANCE",
                "{\"DateGreaterThan\":{\"s3:object-lock-retain-until-date\":\"2035-01-01T00:00:00Z\"}} | 2030 | 2040",
                "{\"NumericGreaterThan\":{\"s3:object-lock-remaining-retention-days\":\"36500\"}}       | 2030 | 2199"
            })
    void aPolicyJudgesTheRetentionThatIsAskedForInHeadersAndInABody(String condition, String allowed, String denied) {
        version("k");
        policy(statement("Deny", "*", "\"s3:PutObjectRetention\",\"s3:PutObject\"", ",\"Condition\":" + condition));

        for (String word : List.of(allowed, denied)) {
            boolean isMode = word.length() > 4;
            String mode = isMode ? word : "GOVERNANCE";
            String until = (isMode ? "2030" : word) + "-06-01T00:00:00Z";
            TestPipeline.Call inBody = put("/vault/k?retention", retention(mode, until));
            TestPipeline.Call inHeaders =
                    put("/vault/k", "x").header(MODE, mode).header(UNTIL, until);
            if (word.equals(allowed)) {
                assertThat(inBody.send().status()).isEqualTo(200);
                assertThat(inHeaders.send().status()).isEqualTo(200);
            } else {
                assertThat(inBody.refused().error()).isEqualTo(S3Error.ACCESS_DENIED);
                assertThat(inHeaders.refused().error()).isEqualTo(S3Error.ACCESS_DENIED);
            }
        }
    }

    @Test
    void aPolicyAllowsAHoldByWhatTheBodySays() {
        version("k");
        policy(statement(
                "Allow",
                BOBS,
                "\"s3:PutObjectLegalHold\"",
                ",\"Condition\":{\"StringEquals\":{\"s3:object-lock-legal-hold\":\"ON\"}}"));

        assertThat(put("/vault/k?legal-hold", hold("ON")).by(BOB).send().status())
                .isEqualTo(200);
        assertThat(put("/vault/k?legal-hold", hold("OFF")).by(BOB).refused().error())
                .isEqualTo(S3Error.ACCESS_DENIED);
        assertThat(put("/vault/k?legal-hold", hold("ON"))
                        .by(BOB)
                        .header(HOLD, "ON")
                        .refused()
                        .error())
                .as("headers of a lock beside a body are refused")
                .isEqualTo(S3Error.INVALID_ARGUMENT);
    }

    @Test
    void aRequestThatMakesNoVersionTakesNoLock() {
        for (String target :
                List.of("/vault/k?acl", "/vault/k?tagging", "/vault?tagging", "/vault/k?partNumber=1&uploadId=x")) {
            assertThat(put(target, new String(new byte[0], UTF_8))
                            .header(HOLD, "ON")
                            .refused())
                    .as(target)
                    .hasMessage(HOLD + " header is not supported for this operation.");
        }
    }

    @Test
    void objectsOfABucketWithALockAreNeitherAppendedToNorRenamed() {
        version("k");

        assertThat(pipeline.call("PUT", "/vault/k?append&position=4")
                        .body("x")
                        .refused()
                        .error())
                .isEqualTo(S3Error.INVALID_BUCKET_STATE);
        assertThat(put("/vault/k", "x")
                        .header("x-amz-write-offset-bytes", "4")
                        .refused()
                        .error())
                .isEqualTo(S3Error.INVALID_BUCKET_STATE);
        assertThat(pipeline.call("PUT", "/vault/l?renameObject")
                        .header("x-amz-rename-source", "/vault/k")
                        .refused()
                        .error())
                .isEqualTo(S3Error.INVALID_BUCKET_STATE);
    }
}
