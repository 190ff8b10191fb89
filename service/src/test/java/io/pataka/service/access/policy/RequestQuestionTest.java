package io.pataka.service.access.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pataka.service.model.Bucket;
import io.pataka.service.model.BucketName;
import io.pataka.service.model.Caller;
import io.pataka.service.model.ObjectKey;
import io.pataka.service.model.Owner;
import io.pataka.service.protocol.Parameters;
import io.pataka.service.protocol.RawRequest;
import io.pataka.service.protocol.RequestBody;
import io.pataka.service.protocol.RequestHeaders;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import io.pataka.service.protocol.S3Operation;
import io.pataka.service.protocol.S3Request;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The condition keys of a request, and their values. */
class RequestQuestionTest {

    private static final Instant NOW = Instant.parse("2026-11-23T10:00:00.250Z");
    private static final Caller ANN = new Caller(
            new Owner("p1", "Project One"),
            new Owner("u1", "ann"),
            "d1",
            Set.of("member", "auditor"),
            Optional.of("KEY"));
    private static final Bucket BUCKET = new Bucket(
            1,
            new BucketName("bucket"),
            new Owner("p9", "Nine"),
            Instant.EPOCH,
            Bucket.Versioning.OFF,
            false,
            Optional.empty(),
            false,
            0);

    private final AtomicInteger tagsFetched = new AtomicInteger();

    private RequestQuestion question(Caller caller, String query, Map<String, String> headers) {
        return question(caller, query, RequestHeaders.of(headers));
    }

    private RequestQuestion question(Caller caller, String query, RequestHeaders fields) {
        RawRequest raw = new RawRequest(
                "PUT", "/bucket/a/b", query, fields, RequestBody.EMPTY, true, "192.0.2.7", Optional.of("1.3"));
        S3Request request = new S3Request(
                "ID",
                S3Operation.PUT_OBJECT,
                Optional.of(BUCKET.name()),
                Optional.of(ObjectKey.of("a/b")),
                Parameters.parse(query),
                fields,
                RequestBody.EMPTY,
                raw);
        return new RequestQuestion(
                request,
                caller,
                BUCKET,
                "s3:PutObject",
                request.key(),
                () -> {
                    tagsFetched.incrementAndGet();
                    return Map.of("colour", "red");
                },
                Map.of(),
                NOW,
                Optional.empty());
    }

    @Test
    void namesTheObjectOrTheBucket() {
        assertThat(question(ANN, "", Map.of()).resource()).isEqualTo("arn:aws:s3:::bucket/a/b");
        assertThat(question(ANN, "", Map.of()).principal()).isEqualTo(new PolicyPrincipal("p1", "u1"));
        assertThat(question(Caller.ANONYMOUS, "", Map.of()).principal().isAnonymous())
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "absent", textBlock = """
        aws:CurrentTime           | 2026-11-23T10:00:00Z     | 2026-11-23T10:00:00Z
        aws:EpochTime             | 1795428000               | 1795428000
        aws:PrincipalAccount      | p1                       | anonymous
        aws:PrincipalArn          | arn:aws:iam::p1:user/u1  | absent
        aws:PrincipalType         | User                     | Anonymous
        aws:PrincipalIsAWSService | false                    | false
        aws:userid                | u1                       | anonymous
        aws:username              | ann                      | absent
        aws:ResourceAccount       | p9                       | p9
        aws:SecureTransport       | true                     | true
        aws:SourceIp              | 192.0.2.7                | 192.0.2.7
        aws:SourceVpc             | absent                   | absent
        keystone:domain           | d1                       | absent
        keystone:project          | p1                       | absent
        keystone:userid           | u1                       | absent
        s3:ResourceAccount        | p9                       | p9
        s3:TlsVersion             | 1.3                      | 1.3
        s3:authType               | POST                     | absent
        s3:x-amz-acl              | absent                   | absent
        s3:prefix                 | absent                   | absent
        """)
    void signedAndAnonymousCallersHaveDifferentKeys(String key, String signed, String anonymous) {
        assertThat(question(ANN, "", Map.of()).values(key)).isEqualTo(signed == null ? List.of() : List.of(signed));
        assertThat(question(Caller.ANONYMOUS, "", Map.of()).values(key))
                .isEqualTo(anonymous == null ? List.of() : List.of(anonymous));
    }

    /** A policy has thousands of wildcards, and a request 64 KiB to compare with each. */
    @Test
    void aValueThatIsLongerThanAllHeadersOfAmazonIsRefused() {
        String longest = "a".repeat(8 * 1024);

        assertThat(question(ANN, "", Map.of("User-Agent", longest)).values("aws:UserAgent"))
                .containsExactly(longest);
        assertThatThrownBy(() ->
                        question(ANN, "", Map.of("User-Agent", longest + "a")).values("aws:UserAgent"))
                .isInstanceOfSatisfying(
                        S3Exception.class,
                        refusal -> assertThat(refusal.error()).isEqualTo(S3Error.REQUEST_HEADER_SECTION_TOO_LARGE));
        assertThatThrownBy(
                        () -> question(ANN, "prefix=" + longest + "a", Map.of()).values("s3:prefix"))
                .isInstanceOf(S3Exception.class);
    }

    @Test
    void rolesAreSeveral() {
        assertThat(question(ANN, "", Map.of()).values("keystone:role")).containsExactlyInAnyOrder("member", "auditor");
        assertThat(question(Caller.ANONYMOUS, "", Map.of()).values("keystone:role"))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        user-agent                     | aws-cli/2        | aws:UserAgent                 | aws-cli/2
        referer                        | http://x/        | aws:Referer                   | http://x/
        x-amz-acl                      | public-read      | s3:x-amz-acl                  | public-read
        x-amz-grant-full-control       | id=p2            | s3:x-amz-grant-full-control   | id=p2
        x-amz-server-side-encryption   | AES256           | s3:x-amz-server-side-encryption | AES256
        x-amz-copy-source              | /photos/a%20b?versionId=7 | s3:x-amz-copy-source | photos/a b
        x-amz-copy-source              | photos/a         | s3:x-amz-copy-source          | photos/a
        x-amz-metadata-directive       | REPLACE          | s3:x-amz-metadata-directive   | REPLACE
        x-amz-tagging                  | a=b&c=d          | s3:RequestObjectTag/c         | d
        if-none-match                  | *                | s3:if-none-match              | *
        x-amz-object-lock-mode         | GOVERNANCE       | s3:object-lock-mode           | GOVERNANCE
        x-amz-object-lock-legal-hold   | ON               | s3:object-lock-legal-hold     | ON
        x-amz-object-lock-retain-until-date | 2026-12-03T10:00:01Z | s3:object-lock-remaining-retention-days | 10
        x-amz-object-lock-retain-until-date | 2140-01-01T00:00:00Z | s3:object-lock-retain-until-date | 2140-01-01T00:00:00Z
        x-amz-object-lock-retain-until-date | 2140-01-01t00:00:00z | s3:object-lock-retain-until-date | 2140-01-01T00:00:00Z
        x-amz-object-lock-retain-until-date | 2140-01-01T00:00:00.Z | s3:object-lock-retain-until-date | 2140-01-01T00:00:00Z
        x-amz-object-lock-retain-until-date | 2140-01-01T00:00:00.1Z | s3:object-lock-retain-until-date | 2140-01-01T00:00:00.100Z
        x-amz-object-lock-retain-until-date | 2140-01-01T00:00:01+00:00:01 | s3:object-lock-retain-until-date | 2140-01-01T00:00:00Z
        x-amz-object-lock-retain-until-date | 2140-06-30T23:59:60Z | s3:object-lock-retain-until-date | 2140-06-30T23:59:59Z
        x-amz-object-lock-retain-until-date | some day         | s3:object-lock-retain-until-date | some day
        authorization                  | AWS4-HMAC-SHA256 | s3:signatureversion           | AWS4-HMAC-SHA256
        authorization                  | AWS k:s          | s3:signatureversion           | AWS
        authorization                  | AWS k:s          | s3:authType                   | REST-HEADER
        """)
    void whatHeadersSay(String header, String sent, String key, String value) {
        assertThat(question(ANN, "", Map.of(header, sent)).values(key)).containsExactly(value);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        prefix=a%2Fb&delimiter=%2F      | s3:prefix           | a/b
        prefix=                         | s3:prefix           | ''
        prefix=a&delimiter=%2F          | s3:delimiter        | /
        max-keys=5                      | s3:max-keys         | 5
        versionId=v7                    | s3:VersionId        | v7
        X-Amz-Algorithm=AWS4-HMAC-SHA256 | s3:authType        | REST-QUERY-STRING
        X-Amz-Algorithm=AWS4-HMAC-SHA256 | s3:signatureversion | AWS4-HMAC-SHA256
        AWSAccessKeyId=k                | s3:signatureversion | AWS
        X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Date=20261123T095950Z | s3:signatureAge | 10250
        AWSAccessKeyId=k                | s3:authType         | REST-QUERY-STRING
        """)
    void whatTheQuerySays(String query, String key, String value) {
        assertThat(question(ANN, query, Map.of()).values(key)).containsExactly(value);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        x-amz-date | 20261123T095950Z
        date       | Mon, 23 Nov 2026 09:59:50 GMT
        """)
    void theSignedHeaderGivesTheAgeOfASignature(String header, String sent) {
        Map<String, String> headers = Map.of("authorization", "AWS4-HMAC-SHA256 c", header, sent);
        assertThat(question(ANN, "", headers).values("s3:signatureAge")).containsExactly("10250");
    }

    @Test
    void theFieldsOfAFormGiveItsSignatureVersionAndAge() {
        Map<String, String> version4 = Map.of("x-amz-algorithm", "AWS4-HMAC-SHA256", "x-amz-date", "20261123T095950Z");
        assertThat(question(ANN, "", version4).values("s3:authType")).containsExactly("POST");
        assertThat(question(ANN, "", version4).values("s3:signatureversion")).containsExactly("AWS4-HMAC-SHA256");
        assertThat(question(ANN, "", version4).values("s3:signatureAge")).containsExactly("10250");
        Map<String, String> version2 = Map.of("x-amz-date", "20261123T095950Z");
        assertThat(question(ANN, "", version2).values("s3:signatureversion")).containsExactly("AWS");
        assertThat(question(ANN, "", version2).values("s3:signatureAge")).isEmpty();
    }

    @Test
    void aMalformedSignatureSetsNoConditionKeys() {
        String presigned = "X-Amz-Algorithm=AWS4-HMAC-SHA256&x-amz-date=20301123T000000Z&X-Amz-Date=20261123T095950Z";
        assertThat(question(ANN, presigned, Map.of("authorization", " ")).values("s3:authType"))
                .containsExactly("REST-QUERY-STRING");
        assertThat(question(ANN, presigned, Map.of("date", "Mon, 23 Nov 2026 10:00:00 GMT"))
                        .values("s3:signatureAge"))
                .containsExactly("10250");
        Map<String, String> version2 = Map.of("authorization", "AWS k:s");
        assertThat(question(ANN, "x-amz-algorithm=AWS4-HMAC-SHA256", version2).values("s3:signatureversion"))
                .containsExactly("AWS");
        assertThat(question(ANN, "AWSAccessKeyId=k", Map.of("x-amz-algorithm", "AWS4-HMAC-SHA256"))
                        .values("s3:signatureversion"))
                .containsExactly("AWS");
    }

    @Test
    void everyGrantIsSeen() {
        RequestHeaders twice = RequestHeaders.builder()
                .add("x-amz-grant-read", "id=\"p2\"")
                .add("X-Amz-Grant-Read", "uri=everyone")
                .build();
        assertThat(question(ANN, "", twice).values("s3:x-amz-grant-read")).containsExactly("id=\"p2\",uri=everyone");
    }

    @Test
    void tagsOfTheRequestAreKeysAndBrokenOnesAreNone() {
        assertThat(question(ANN, "", Map.of("x-amz-tagging", "a=b&c=d")).values("s3:RequestObjectTagKeys"))
                .containsExactly("a", "c");
        assertThat(question(ANN, "", Map.of("x-amz-tagging", "a=b&a=d")).values("s3:RequestObjectTagKeys"))
                .isEmpty();
        assertThat(question(ANN, "", Map.of("x-amz-copy-source", "photos")).values("s3:x-amz-copy-source"))
                .isEmpty();
    }

    @Test
    void theObjectsTagsAreFetchedOnceAndOnlyWhenAskedFor() {
        RequestQuestion question = question(ANN, "", Map.of());
        assertThat(question.values("aws:SourceIp")).isNotEmpty();
        assertThat(tagsFetched).hasValue(0);
        assertThat(question.values("s3:ExistingObjectTag/colour")).containsExactly("red");
        assertThat(question.values("s3:ExistingObjectTag/Colour")).isEmpty();
        assertThat(tagsFetched).hasValue(1);
    }

    @Test
    void knownValuesReplaceThoseOfTheRequest() {
        Map<String, List<String>> known = new LinkedHashMap<>();
        known.put("s3:VersionId", List.of());
        known.put("s3:RequestObjectTag/a", List.of("from the document"));
        RawRequest raw = new RawRequest(
                "PUT",
                "/bucket/a",
                "versionId=7",
                RequestHeaders.none(),
                RequestBody.EMPTY,
                false,
                "::1",
                Optional.empty());
        S3Request request = new S3Request(
                "ID",
                S3Operation.PUT_OBJECT_TAGGING,
                Optional.of(BUCKET.name()),
                Optional.of(ObjectKey.of("a")),
                Parameters.parse("versionId=7"),
                RequestHeaders.none(),
                RequestBody.EMPTY,
                raw);
        RequestQuestion question = new RequestQuestion(
                request, ANN, BUCKET, "s3:PutObjectTagging", Optional.empty(), Map::of, known, NOW, Optional.empty());
        assertThat(question.resource()).isEqualTo("arn:aws:s3:::bucket");
        assertThat(question.values("s3:VersionId")).isEmpty();
        assertThat(question.values("s3:RequestObjectTag/a")).containsExactly("from the document");
        assertThat(question.values("aws:SecureTransport")).containsExactly("false");
        assertThat(question.values("s3:TlsVersion")).isEmpty();
    }
}
