package io.pataka.service.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.pataka.service.model.Bucket;
import io.pataka.service.model.BucketName;
import io.pataka.service.model.Caller;
import io.pataka.service.model.DocumentKind;
import io.pataka.service.model.ObjectKey;
import io.pataka.service.model.Owner;
import io.pataka.service.operation.MemoryBucketCatalog;
import io.pataka.service.protocol.Parameters;
import io.pataka.service.protocol.RawRequest;
import io.pataka.service.protocol.RequestBody;
import io.pataka.service.protocol.RequestHeaders;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Operation;
import io.pataka.service.protocol.S3Request;
import io.pataka.service.testing.Changes;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The facts and rules that an explanation names. {@link AdmissionPropertyTest} compares them with the gate. */
class AccessExplainerTest {

    private static final Owner OWNER = new Owner("owner", "Owner");
    private static final Caller OTHER = new Caller(
            new Owner("other", "Other"), new Owner("eve", "Eve"), "default", Set.of("member"), Optional.of("K"));

    private final MemoryBucketCatalog buckets = new MemoryBucketCatalog();
    private final AccessExplainer explainer = new AccessExplainer(
            new AccessGate(buckets, buckets.index(), RoleRules.standard(), new NoGrantees(), Clock.systemUTC()));
    private Bucket bucket;

    @BeforeEach
    void makeBucket() {
        buckets.create(
                new BucketName("photos"), OWNER, false, 0, Map.of(DocumentKind.OWNERSHIP, "BucketOwnerEnforced"));
        bucket = buckets.findFresh(new BucketName("photos")).orElseThrow();
    }

    private static S3Request request(S3Operation operation, String bucket, Optional<String> key, String query) {
        RequestHeaders headers = RequestHeaders.none();
        return new S3Request(
                "REQUEST",
                operation,
                Optional.of(new BucketName(bucket)),
                key.map(ObjectKey::of),
                Parameters.parse(query),
                headers,
                RequestBody.EMPTY,
                new RawRequest("GET", "/", query, headers, RequestBody.EMPTY, false, "192.0.2.1", Optional.empty()));
    }

    @Test
    void explainsForEachStatementWhyItDoesNotApply() {
        buckets.putDocument(bucket, DocumentKind.POLICY, """
                {"Version": "2012-10-17", "Statement": [
                 {"Sid": "others", "Effect": "Deny", "Principal": {"AWS": "bob"}, "Action": "s3:*",
                  "Resource": "arn:aws:s3:::photos"},
                 {"Sid": "writing", "Effect": "Allow", "Principal": "*", "Action": "s3:PutObject",
                  "Resource": "arn:aws:s3:::photos/*"},
                 {"Sid": "keys", "Effect": "Allow", "Principal": "*", "Action": "s3:*",
                  "Resource": "arn:aws:s3:::photos/a"},
                 {"Sid": "prefix", "Effect": "Allow", "Principal": "*", "Action": "s3:ListBucket",
                  "Resource": "arn:aws:s3:::photos", "Condition": {"StringEquals": {"s3:prefix": "a/"}}}]}
                """);

        AccessExplanation refused =
                explainer.explain(request(S3Operation.LIST_OBJECTS, "photos", Optional.empty(), ""), OTHER);
        assertThat(refused.facts())
                .containsSubsequence(
                        "bucket: of project owner (Owner)",
                        "ownership: BucketOwnerEnforced, ACLs do not count",
                        "public access block of bucket and project: none",
                        "policy: Deny, others: does not apply, it names others",
                        "policy: Allow, writing: does not apply, it is about other actions",
                        "policy: Allow, keys: does not apply, it is about other resources",
                        "policy: Allow, prefix: does not apply, its condition on s3:prefix does not hold");
        assertThat(refused.rules())
                .containsExactly(
                        "roles: reach far enough",
                        "policy: no statement applies",
                        "owner: the caller acts for another project",
                        "ACL: does not count, the owner is enforced");
        assertThat(refused.refusal()).contains(S3Error.ACCESS_DENIED);

        AccessExplanation allowed =
                explainer.explain(request(S3Operation.LIST_OBJECTS, "photos", Optional.empty(), "prefix=a/"), OTHER);
        assertThat(allowed.facts()).contains("policy: Allow, prefix: applies");
        assertThat(allowed.refusal()).isEmpty();
    }

    @Test
    void saysWhenTheLockInTheBodyDecides() {
        String policy = """
                {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "s3:PutObjectLegalHold",
                  "Resource": "arn:aws:s3:::photos/*"CONDITION}]}
                """;
        S3Request request = request(S3Operation.PUT_OBJECT_LEGAL_HOLD, "photos", Optional.of("a"), "legal-hold");

        buckets.putDocument(
                bucket,
                DocumentKind.POLICY,
                policy.replace(
                        "CONDITION", ", \"Condition\": {\"StringEquals\": {\"s3:object-lock-legal-hold\": \"ON\"}}"));
        assertThat(explainer.explain(request, OTHER).facts())
                .contains("the lock of the body is decided when it is read, as if it were in headers");

        buckets.putDocument(bucket, DocumentKind.POLICY, policy.replace("CONDITION", ""));
        assertThat(explainer.explain(request, OTHER).facts()).noneMatch(fact -> fact.contains("the lock of the body"));
    }

    @Test
    void explainsTheProjectsPublicAccessBlock() {
        buckets.accounts()
                .put(
                        "owner",
                        DocumentKind.PUBLIC_ACCESS_BLOCK,
                        new PublicAccessBlock(false, false, false, true).toJson(),
                        Changes.any());
        buckets.putDocument(
                bucket, DocumentKind.PUBLIC_ACCESS_BLOCK, new PublicAccessBlock(true, false, false, false).toJson());

        assertThat(explainer
                        .explain(request(S3Operation.HEAD_BUCKET, "photos", Optional.empty(), ""), OTHER)
                        .facts())
                .contains("public access block of bucket and project: BlockPublicAcls, RestrictPublicBuckets");
    }

    @Test
    void explainsAMissingBucketAndRequesterPays() {
        assertThat(explainer
                        .explain(request(S3Operation.HEAD_BUCKET, "films", Optional.empty(), ""), OTHER)
                        .refusal())
                .contains(S3Error.NO_SUCH_BUCKET);
        buckets.putDocument(bucket, DocumentKind.REQUEST_PAYMENT, BucketAccess.REQUESTER);
        AccessExplanation pays =
                explainer.explain(request(S3Operation.HEAD_BUCKET, "photos", Optional.empty(), ""), OTHER);
        assertThat(pays.rules()).containsExactly("the requester pays, and did not say that it will");
        assertThat(pays.refusal()).contains(S3Error.ACCESS_DENIED);
    }

    @Test
    void aCallerWhoMayListGetsNoSuchKey() {
        buckets.putDocument(bucket, DocumentKind.OWNERSHIP, "ObjectWriter");
        S3Request get = request(S3Operation.GET_OBJECT, "photos", Optional.of("gone"), "");
        assertThat(explainer.explain(get, OTHER).refusal()).contains(S3Error.ACCESS_DENIED);
        Caller owners = new Caller(OWNER, OWNER, "default", Set.of("reader"), Optional.of("K"));
        assertThat(explainer.explain(get, owners).refusal()).contains(S3Error.NO_SUCH_KEY);
    }
}
