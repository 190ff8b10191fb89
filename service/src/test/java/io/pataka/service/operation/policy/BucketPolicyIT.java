package io.pataka.service.operation.policy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.pataka.service.access.policy.BucketPolicy;
import io.pataka.service.testing.Guest;
import io.pataka.service.testing.NewBucket;
import io.pataka.service.testing.S3Connection;
import io.pataka.service.testing.S3Connection.Body;
import io.pataka.service.testing.S3Connection.Reply;
import io.pataka.service.testing.S3Server;
import java.io.IOException;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.Tag;
import software.amazon.awssdk.services.s3.model.TaggingDirective;

/** Policies and public access blocks over the wire, with Amazon's client, on a real database. */
class BucketPolicyIT {

    @RegisterExtension
    static final S3Server SERVER = S3Server.shared();

    private final S3Client owner;
    private final S3Client guest;
    private final S3Client anyone = SERVER.client(AnonymousCredentialsProvider.create());
    private final String bucket;

    BucketPolicyIT(S3Client owner, @Guest S3Client guest, @NewBucket String bucket) {
        this.owner = owner;
        this.guest = guest;
        this.bucket = bucket;
        owner.putObject(request -> request.bucket(bucket).key("cat"), RequestBody.fromString("meow"));
    }

    @AfterEach
    void close() {
        anyone.close();
    }

    private void put(String policy) {
        owner.putBucketPolicy(request -> request.bucket(bucket).policy(policy));
    }

    private String allowing(String principal, String condition) {
        return """
            {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Principal": %s, "Action": "s3:GetObject",
             "Resource": "arn:aws:s3:::%s/*", "Condition": %s}}\
            """.formatted(principal, bucket, condition);
    }

    private String cat(S3Client client) {
        return client.getObjectAsBytes(request -> request.bucket(bucket).key("cat"))
                .asUtf8String();
    }

    private void assertDenied(ThrowingCallable call) {
        S3Exception refused = catchThrowableOfType(S3Exception.class, call);
        assertThat(refused).as("not refused").isNotNull();
        assertThat(refused.statusCode()).isEqualTo(403);
        assertThat(refused.awsErrorDetails().errorCode()).isEqualTo("AccessDenied");
    }

    @Test
    void aPolicyComesBackCharacterForCharacter() {
        String policy =
                allowing("\"*\"", "{}").replace("{}", "{\"StringLike\":{\"aws:Referer\":\"http://\u00E4\u4F60*\"}}\n ");
        put(policy);
        assertThat(owner.getBucketPolicy(request -> request.bucket(bucket)).policy())
                .isEqualTo(policy);
        owner.deleteBucketPolicy(request -> request.bucket(bucket));
        assertThatThrownBy(() -> owner.getBucketPolicy(request -> request.bucket(bucket)))
                .isInstanceOfSatisfying(S3Exception.class, none -> {
                    assertThat(none.statusCode()).isEqualTo(404);
                    assertThat(none.awsErrorDetails().errorCode()).isEqualTo("NoSuchBucketPolicy");
                });
    }

    private void letGuest(String... actions) {
        put("""
            {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Principal": {"AWS": "guests"},
             "Action": ["%s"], "Resource": "arn:aws:s3:::%s/*"}}\
            """.formatted(String.join("\", \"", actions), bucket));
    }

    private void guestCopies(String source, String target) {
        guest.copyObject(request -> request.sourceBucket(bucket)
                .sourceKey(source)
                .destinationBucket(bucket)
                .destinationKey(target));
    }

    @Test
    void aCopyWithTagsNeedsPermissionToReadAndToSetThem() {
        owner.putObject(
                request -> request.bucket(bucket).key("tagged").tagging("kept=secret"), RequestBody.fromString("x"));
        letGuest("s3:GetObject", "s3:PutObject");
        guestCopies("cat", "copy of cat");
        assertDenied(() -> guestCopies("tagged", "copy"));
        letGuest("s3:GetObject", "s3:PutObject", "s3:GetObjectTagging");
        assertDenied(() -> guestCopies("tagged", "copy"));
        letGuest("s3:GetObject", "s3:PutObject", "s3:PutObjectTagging");
        assertDenied(() -> guestCopies("tagged", "copy"));
        guest.copyObject(request -> request.sourceBucket(bucket)
                .sourceKey("tagged")
                .destinationBucket(bucket)
                .destinationKey("bare")
                .taggingDirective(TaggingDirective.REPLACE));
        letGuest("s3:GetObject", "s3:PutObject", "s3:GetObjectTagging", "s3:PutObjectTagging");
        guestCopies("tagged", "copy");
        assertThat(owner.getObjectTagging(request -> request.bucket(bucket).key("copy"))
                        .tagSet())
                .containsExactly(Tag.builder().key("kept").value("secret").build());
    }

    @Test
    void allowsThePrincipalsItNamesAndNoOther() {
        assertDenied(() -> cat(guest));
        put(allowing("{\"AWS\": \"arn:aws:iam::guests:user/guest-1\"}", "{}"));
        assertThat(cat(guest)).isEqualTo("meow");
        assertDenied(() -> cat(anyone));
        assertDenied(
                () -> guest.putObject(request -> request.bucket(bucket).key("dog"), RequestBody.fromString("woof")));
        put(allowing("{\"AWS\": \"arn:aws:iam::guests:user/guest-2\"}", "{}"));
        assertDenied(() -> cat(guest));
        put(allowing("\"*\"", "{}"));
        assertThat(cat(anyone)).isEqualTo("meow");
        assertThat(cat(guest)).isEqualTo("meow");
    }

    @Test
    void conditionsAreAboutTheRequestThatCame() {
        put(allowing(
                "\"*\"",
                "{\"IpAddress\": {\"aws:SourceIp\": \"127.0.0.0/8\"}, \"Bool\": {\"aws:SecureTransport\": false}}"));
        assertThat(cat(anyone)).isEqualTo("meow");
        put(allowing("\"*\"", "{\"NotIpAddress\": {\"aws:SourceIp\": \"127.0.0.0/8\"}}"));
        assertDenied(() -> cat(anyone));
        put(allowing("\"*\"", "{\"StringEquals\": {\"keystone:role\": \"member\", \"keystone:project\": \"guests\"}}"));
        assertThat(cat(guest)).isEqualTo("meow");
        assertDenied(() -> cat(anyone));
        put(allowing(
                "\"*\"",
                "{\"NumericLessThan\": {\"s3:signatureAge\": 600000}, \"StringEquals\":"
                        + " {\"s3:authType\": \"REST-HEADER\", \"s3:signatureversion\": \"AWS4-HMAC-SHA256\"}}"));
        assertThat(cat(guest)).isEqualTo("meow");
        assertDenied(() -> cat(anyone));
    }

    @Test
    void tagsOfTheObjectDecide() {
        put(allowing("\"*\"", "{\"StringEquals\": {\"s3:ExistingObjectTag/shown\": \"yes\"}}"));
        assertDenied(() -> cat(guest));
        owner.putObjectTagging(request -> request.bucket(bucket)
                .key("cat")
                .tagging(tags ->
                        tags.tagSet(Tag.builder().key("shown").value("yes").build())));
        assertThat(cat(guest)).isEqualTo("meow");
    }

    @Test
    void onlyACallerWhoMayListGetsNoSuchKey() {
        put("""
                {"Statement": [
                {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::%s/*"},
                {"Effect": "Allow", "Principal": "*", "Action": "s3:ListBucket",
                 "Resource": "arn:aws:s3:::%s", "Condition": {"StringLike": {"s3:prefix": "public/*"}}}]}
                """.formatted(bucket, bucket));
        for (Map.Entry<String, Integer> key :
                Map.of("public/none", 404, "private/none", 403).entrySet()) {
            S3Exception refused = catchThrowableOfType(
                    S3Exception.class,
                    () -> guest.headObject(request -> request.bucket(bucket).key(key.getKey())));
            assertThat(refused.statusCode()).as(key.getKey()).isEqualTo(key.getValue());
        }
    }

    @Test
    void aDenyBindsTheOwner() {
        put(allowing("\"*\"", "{}").replace("Allow", "Deny"));
        assertDenied(() -> cat(owner));
        owner.deleteBucketPolicy(request -> request.bucket(bucket));
        assertThat(cat(owner)).isEqualTo("meow");
    }

    @Test
    void aFaultIsPointedAtInTheAnswer(S3Connection wire) throws IOException {
        Reply refused = wire.call(
                "PUT",
                "/" + bucket + "?policy=",
                Map.of(),
                Body.of(allowing("\"*\"", "{\"StringEqual\": {\"s3:prefix\": \"\"}}")
                        .getBytes(UTF_8)));
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.text())
                .contains("<Code>MalformedPolicy</Code>")
                .contains("<Message>Invalid Condition type : StringEqual</Message>")
                .contains("<Detail>statement 1, Condition: StringEqual</Detail>");
    }

    @Test
    void aPolicyOfTheGreatestLengthIsKeptAndJudged() {
        StringBuilder resources = new StringBuilder("\"arn:aws:s3:::" + bucket + "/cat\"");
        for (int i = 0; resources.length() < BucketPolicy.MAX_BYTES - 300; i++) {
            resources
                    .append(",\"arn:aws:s3:::")
                    .append(bucket)
                    .append("/")
                    .append(i)
                    .append("/*\"");
        }
        put("{\"Statement\":{\"Effect\":\"Allow\",\"Principal\":\"*\",\"Action\":\"s3:GetObject\",\"Resource\":["
                + resources + "]}}");
        assertThat(cat(anyone)).isEqualTo("meow");
    }

    @Test
    void aPublicAccessBlockRefusesPublicPoliciesAndRestrictsThoseThatAreThere() {
        put(allowing("\"*\"", "{}"));
        assertThat(owner.getBucketPolicyStatus(request -> request.bucket(bucket))
                        .policyStatus()
                        .isPublic())
                .isTrue();
        owner.putPublicAccessBlock(request -> request.bucket(bucket)
                .publicAccessBlockConfiguration(
                        block -> block.blockPublicPolicy(true).restrictPublicBuckets(true)));
        assertThat(owner.getPublicAccessBlock(request -> request.bucket(bucket))
                        .publicAccessBlockConfiguration()
                        .restrictPublicBuckets())
                .isTrue();
        assertDenied(() -> cat(anyone));
        assertDenied(() -> cat(guest));
        assertThat(cat(owner)).isEqualTo("meow");
        assertDenied(() -> put(allowing("\"*\"", "{}")));

        put(allowing("{\"AWS\": \"guests\"}", "{}"));
        assertThat(cat(guest)).isEqualTo("meow");
        owner.deletePublicAccessBlock(request -> request.bucket(bucket));
        put(allowing("\"*\"", "{}"));
        assertThat(cat(anyone)).isEqualTo("meow");
    }
}
