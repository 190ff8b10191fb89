package io.pataka.service.protocol;

import static io.pataka.service.protocol.Route.Resource.BUCKET;
import static io.pataka.service.protocol.Route.Resource.OBJECT;
import static io.pataka.service.protocol.Route.Resource.SERVICE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pataka.service.protocol.Route.Resource;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OperationRouterTest {

    private final OperationRouter router = new OperationRouter();

    @ParameterizedTest
    @CsvSource({
        "GET, SERVICE, '', LIST_BUCKETS",
        "GET, BUCKET, '', LIST_OBJECTS",
        "GET, BUCKET, prefix=a&delimiter=/&marker=m&max-keys=1&encoding-type=url, LIST_OBJECTS",
        "GET, BUCKET, list-type=2&prefix=a&start-after=b&fetch-owner=true, LIST_OBJECTS_V2",
        "GET, BUCKET, list-type=1, LIST_OBJECTS",
        "GET, BUCKET, versions, LIST_OBJECT_VERSIONS",
        "GET, BUCKET, versions&prefix=acl, LIST_OBJECT_VERSIONS",
        "GET, BUCKET, location, GET_BUCKET_LOCATION",
        "GET, BUCKET, acl=, GET_BUCKET_ACL",
        "GET, OBJECT, '', GET_OBJECT",
        "GET, OBJECT, versionId=1&response-content-type=a/b&partNumber=2, GET_OBJECT",
        "GET, OBJECT, acl&versionId=1, GET_OBJECT_ACL",
        "GET, OBJECT, uploadId=u&max-parts=2, LIST_PARTS",
        "GET, OBJECT, 3.2.3, GET_OBJECT",
        "GET, OBJECT, -rdmvgc, GET_OBJECT",
        "GET, OBJECT, iefix&utm_source=, GET_OBJECT",
        "HEAD, OBJECT, id, HEAD_OBJECT",
        "HEAD, OBJECT, utm_source=x, HEAD_OBJECT",
        "PUT, OBJECT, '', PUT_OBJECT",
        "PUT, OBJECT, x-id=PutObject, PUT_OBJECT",
        "PUT, OBJECT, partNumber=1&uploadId=u, UPLOAD_PART",
        "PUT, OBJECT, X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=c&X-Amz-Signature=s, PUT_OBJECT",
        "GET, OBJECT, AWSAccessKeyId=a&Signature=s&Expires=1, GET_OBJECT",
        "POST, OBJECT, uploads, CREATE_MULTIPART_UPLOAD",
        "POST, OBJECT, uploadId=u, COMPLETE_MULTIPART_UPLOAD",
        "DELETE, OBJECT, uploadId=u, ABORT_MULTIPART_UPLOAD",
        "DELETE, OBJECT, versionId=1, DELETE_OBJECT",
        "DELETE, BUCKET, '', DELETE_BUCKET",
        "POST, BUCKET, delete, DELETE_OBJECTS",
        "OPTIONS, OBJECT, '', PREFLIGHT_OBJECT"
    })
    void findsTheOperation(String method, Resource resource, String query, S3Operation operation) {
        assertThat(router.route(method, resource, Parameters.parse(query), RequestHeaders.none()))
                .isEqualTo(operation);
    }

    @Test
    void aHeaderDistinguishesACopyFromAPut() {
        RequestHeaders copy = RequestHeaders.of(Map.of("X-Amz-Copy-Source", "/b/k"));
        assertThat(router.route("PUT", OBJECT, Parameters.parse(""), copy)).isEqualTo(S3Operation.COPY_OBJECT);
        assertThat(router.route("PUT", OBJECT, Parameters.parse("partNumber=1&uploadId=u"), copy))
                .isEqualTo(S3Operation.UPLOAD_PART_COPY);
    }

    @Test
    void aFormIsRecognisedByItsMediaType() {
        RequestHeaders form = RequestHeaders.of(Map.of("Content-Type", "multipart/form-data; boundary=x"));
        assertThat(router.route("POST", BUCKET, Parameters.parse(""), form)).isEqualTo(S3Operation.POST_OBJECT);
        assertRefused("PreconditionFailed", "POST", BUCKET, "");
    }

    /** A request with a sub-resource that no row has must not reach the operation without a sub-resource. */
    @ParameterizedTest
    @CsvSource({
        "DELETE, BUCKET, publicAccessBlocks, NotImplemented",
        "DELETE, BUCKET, versioning, MethodNotAllowed",
        "DELETE, BUCKET, acl, MethodNotAllowed",
        "DELETE, OBJECT, acl, MethodNotAllowed",
        "PUT, OBJECT, unheardOf, NotImplemented",
        "DELETE, OBJECT, 3.2.3, NotImplemented",
        "GET, BUCKET, unheardOf, NotImplemented",
        "GET, OBJECT, layout, NotImplemented",
        "GET, OBJECT, lifecycle, NotImplemented",
        "HEAD, OBJECT, acl, MethodNotAllowed",
        "GET, OBJECT, renameObject, MethodNotAllowed",
        "GET, OBJECT, acl&-rdmvgc, NotImplemented",
        "PUT, BUCKET, versions, MethodNotAllowed",
        "PUT, OBJECT, uploadId=u, MethodNotAllowed",
        "PUT, OBJECT, versionId=1, InvalidArgument",
        "PUT, OBJECT, versionId=, InvalidArgument",
        "PUT, OBJECT, partNumber=1&uploadId=u&versionId=1, InvalidArgument",
        "DELETE, OBJECT, uploadId=u&versionId=1, InvalidArgument",
        "POST, OBJECT, uploads&versionId=1, InvalidArgument",
        "POST, OBJECT, '', MethodNotAllowed",
        "POST, SERVICE, '', MethodNotAllowed",
        "DELETE, SERVICE, '', MethodNotAllowed",
        "TRACE, OBJECT, '', MethodNotAllowed",
        "get, OBJECT, '', MethodNotAllowed"
    })
    void refusesWhatNoRowClaims(String method, Resource resource, String query, String code) {
        assertRefused(code, method, resource, query);
    }

    /** Amazon's service model, in {@code amazon-s3-operations.tsv}: the router ignores none of its sub-resources. */
    @Test
    void refusesEveryWordOfAmazonOnAnObjectThatHasNone() throws IOException {
        try (BufferedReader model = new BufferedReader(
                new InputStreamReader(getClass().getResourceAsStream("/amazon-s3-operations.tsv"), UTF_8))) {
            List<String> words = model.lines()
                    .filter(line -> line.contains("?"))
                    .flatMap(line ->
                            Stream.of(line.substring(line.indexOf('?') + 1).split("&")))
                    .filter(word -> !word.contains("="))
                    .distinct()
                    .toList();
            assertThat(words).contains("acl", "torrent", "lifecycle").hasSizeGreaterThan(30);
            assertThat(words).allMatch(SubResources::isKnown);
        }
    }

    @Test
    void refusesTwoWordsAtOnce() {
        assertRefused("InvalidRequest", "GET", BUCKET, "acl&policy");
    }

    @ParameterizedTest
    @CsvSource({"DELETE", "PUT", "GET", "HEAD", "POST"})
    void aWordOfAnyRowNeverReachesAnotherRow(String method) {
        for (S3Operation claimed : S3Operation.all()) {
            for (String word : claimed.route().words()) {
                Resource resource = claimed.route().resource();
                if (resource == SERVICE) {
                    continue;
                }
                try {
                    S3Operation reached = router.route(method, resource, Parameters.parse(word), RequestHeaders.none());
                    assertThat(reached.route().uses(word))
                            .as("%s ?%s", method, word)
                            .isTrue();
                } catch (S3Exception refused) {
                    assertThat(refused.error().status()).isBetween(400, 501);
                }
            }
        }
    }

    private void assertRefused(String code, String method, Resource resource, String query) {
        assertThatThrownBy(() -> router.route(method, resource, Parameters.parse(query), RequestHeaders.none()))
                .isInstanceOfSatisfying(
                        S3Exception.class,
                        refusal -> assertThat(refusal.error().code()).isEqualTo(code));
    }
}
