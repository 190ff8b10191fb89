package io.pataka.service;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.pataka.service.testing.Eventually;
import io.pataka.service.testing.S3Connection;
import io.pataka.service.testing.S3Connection.Body;
import io.pataka.service.testing.S3Connection.Reply;
import io.pataka.service.testing.S3Server;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.commons.codec.digest.DigestUtils;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Two servers on one database, each with a cache of buckets. A request to one sees all that the other did before. */
final class TwoNodesIT {

    private static final String POLICY = """
            {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject",
             "Resource": "arn:aws:s3:::%s/*"}]}""";
    private static final String LOCK =
            "<ObjectLockConfiguration><ObjectLockEnabled>Enabled</ObjectLockEnabled></ObjectLockConfiguration>";
    private static final String UPLOAD_ID = ".*<UploadId>(.*)</UploadId>.*";
    private static final AtomicInteger NAMES = new AtomicInteger();

    @RegisterExtension
    @Order(1)
    static final S3Server FIRST = S3Server.shared();

    @RegisterExtension
    @Order(2)
    static final S3Server SECOND = S3Server.nodeBeside(FIRST);

    private final String bucket = "/two-nodes-" + NAMES.incrementAndGet();
    private final Client here;
    private final Client there;

    TwoNodesIT() throws IOException {
        here = new Client(FIRST);
        there = new Client(SECOND);
    }

    @AfterEach
    void disconnect() throws IOException {
        here.close();
        there.close();
    }

    /** A client of one node. */
    private static final class Client implements AutoCloseable {

        private final HttpClient unsigned = HttpClient.newHttpClient();
        private final S3Server node;
        private final S3Connection signed;

        Client(S3Server node) throws IOException {
            this.node = node;
            this.signed = node.connect();
        }

        Reply call(String method, String target) throws IOException {
            return signed.call(method, target);
        }

        Reply call(String method, String target, String text) throws IOException {
            return signed.call(method, target, Map.of(), Body.of(text.getBytes(UTF_8)));
        }

        Reply call(String method, String target, Map<String, String> headers, String text) throws IOException {
            return signed.call(method, target, headers, Body.of(text.getBytes(UTF_8)));
        }

        Reply call(String method, String target, Map<String, String> headers) throws IOException {
            return signed.call(method, target, headers, Body.NONE);
        }

        /** The status that a request without a signature gets. */
        int ask(String method, String target, String... headers) throws IOException, InterruptedException {
            HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(node.endpoint() + target))
                    .method(method, HttpRequest.BodyPublishers.noBody());
            for (int i = 0; i < headers.length; i += 2) {
                request.header(headers[i], headers[i + 1]);
            }
            return unsigned.send(request.build(), HttpResponse.BodyHandlers.discarding())
                    .statusCode();
        }

        @Override
        public void close() throws IOException {
            signed.close();
        }
    }

    /** Both nodes know the bucket, then this one deletes it and makes it again, with an object. */
    private void makeAgain() throws IOException {
        assertThat(here.call("PUT", bucket).status()).isEqualTo(200);
        assertThat(there.call("GET", bucket + "/k").status()).isEqualTo(404);
        assertThat(here.call("DELETE", bucket).status()).isEqualTo(204);
        assertThat(here.call("PUT", bucket).status()).isEqualTo(200);
        assertThat(here.call("PUT", bucket + "/k", "body").status()).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /k, 200, body",
        "HEAD, /k, 200, ''",
        "GET, '', 200, <Key>k</Key>",
        "GET, ?list-type=2, 200, <Key>k</Key>",
        "GET, ?versions=, 200, <Key>k</Key>",
        "GET, /k?tagging=, 200, <TagSet",
        "GET, /k?attributes=, 200, 4</ObjectSize>",
        "HEAD, '', 200, ''",
        "DELETE, '', 409, BucketNotEmpty",
        "GET, /absent, 404, NoSuchKey"
    })
    void aBucketThatWasMadeAgainIsReadAtTheOtherNode(String method, String target, int status, String text)
            throws IOException {
        makeAgain();

        Reply reply = target.contains("attributes")
                ? there.call(method, bucket + target, Map.of("x-amz-object-attributes", "ObjectSize"))
                : there.call(method, bucket + target);

        assertThat(reply.status()).as(reply.text()).isEqualTo(status);
        assertThat(reply.text()).contains(text);
    }

    @Test
    void aLockOfTheBucketCountsAtTheOtherNodeAtOnce() throws IOException {
        here.call("PUT", bucket);
        here.call(
                "PUT",
                bucket + "?versioning=",
                "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>");
        assertThat(there.call("GET", bucket + "/k").status()).isEqualTo(404);
        assertThat(here.call("PUT", bucket + "?object-lock=", Map.of("Content-MD5", md5(LOCK)), LOCK)
                        .status())
                .isEqualTo(200);

        Reply locked = there.call(
                "PUT", bucket + "/k", Map.of("Content-MD5", md5("body"), "x-amz-object-lock-legal-hold", "ON"), "body");
        assertThat(locked.status()).as(locked.text()).isEqualTo(200);
        assertThat(here.call("HEAD", bucket + "/k").header("x-amz-object-lock-legal-hold"))
                .contains("ON");
    }

    @Test
    void aBypassOfALockThatTheBucketGotElsewhereIsTaken() throws IOException {
        here.call("PUT", bucket);
        here.call(
                "PUT",
                bucket + "?versioning=",
                "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>");
        assertThat(there.call("GET", bucket + "/k").status()).isEqualTo(404);
        here.call("PUT", bucket + "?object-lock=", Map.of("Content-MD5", md5(LOCK)), LOCK);

        assertThat(there.call("DELETE", bucket + "/k", Map.of("x-amz-bypass-governance-retention", "true"))
                        .status())
                .isEqualTo(204);
    }

    private static String md5(String text) {
        return Base64.getEncoder().encodeToString(DigestUtils.md5(text));
    }

    @Test
    void anObjectInABucketThatWasMadeAgainIsDeletedAtTheOtherNode() throws IOException {
        makeAgain();
        assertThat(there.call("DELETE", bucket + "/k").status()).isEqualTo(204);
        assertThat(here.call("GET", bucket + "/k").status()).isEqualTo(404);
    }

    @Test
    void anObjectIsCopiedFromAndToBucketsThatWereMadeAgain() throws IOException {
        makeAgain();
        Reply copy = there.call("PUT", bucket + "/copy", Map.of("x-amz-copy-source", bucket + "/k"));
        assertThat(copy.status()).as(copy.text()).isEqualTo(200);
        assertThat(here.call("GET", bucket + "/copy").text()).isEqualTo("body");
    }

    /** The body is gone, and what it held was stored for the bucket that is no more: the client sends it once more. */
    @Test
    void anObjectIsWrittenToABucketThatWasMadeAgainWhenTheClientRepeatsIt() throws IOException {
        makeAgain();
        Reply put = there.call("PUT", bucket + "/new", "new");
        if (put.status() != 200) {
            assertThat(put.status()).as(put.text()).isEqualTo(503);
            assertThat(put.header("Retry-After")).isPresent();
            put = there.call("PUT", bucket + "/new", "new");
        }
        assertThat(put.status()).as(put.text()).isEqualTo(200);
        assertThat(here.call("GET", bucket + "/new").text()).isEqualTo("new");
    }

    @Test
    void anUploadIsBegunAndCompletedAtTheOtherNode() throws IOException {
        makeAgain();
        Reply begun = there.call("POST", bucket + "/parts?uploads=");
        assertThat(begun.status()).as(begun.text()).isEqualTo(200);
        String id = begun.text().replaceAll("(?s)" + UPLOAD_ID, "$1");
        Reply part = here.call("PUT", bucket + "/parts?partNumber=1&uploadId=" + id, "part");
        String document = "<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>"
                + part.header("ETag").orElseThrow() + "</ETag></Part></CompleteMultipartUpload>";
        Reply done = there.call("POST", bucket + "/parts?uploadId=" + id, document);
        assertThat(done.status()).as(done.text()).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource({"GET, ''", "GET, ?list-type=2", "GET, ?versions=", "GET, ?uploads=", "GET, /k", "HEAD, ''"})
    void aBucketThatWasDeletedIsGoneAtTheOtherNode(String method, String target) throws IOException {
        assertThat(here.call("PUT", bucket).status()).isEqualTo(200);
        assertThat(there.call("GET", bucket + "/k").status()).isEqualTo(404);
        assertThat(here.call("DELETE", bucket).status()).isEqualTo(204);

        Reply reply = there.call(method, bucket + target);

        assertThat(reply.status()).isEqualTo(404);
        if (!method.equals("HEAD")) {
            assertThat(reply.text()).contains("<Code>NoSuchBucket</Code>");
        }
    }

    @Test
    void aPublicPolicyHoldsAtTheOtherNode() throws Exception {
        assertThat(here.call("PUT", bucket).status()).isEqualTo(200);
        assertThat(here.call("PUT", bucket + "/k", "body").status()).isEqualTo(200);
        assertThat(there.ask("GET", bucket + "/k")).isEqualTo(403);
        assertThat(here.call("DELETE", bucket + "?publicAccessBlock=").status()).isEqualTo(204);
        String policy = POLICY.formatted(bucket.substring(1));
        assertThat(here.call("PUT", bucket + "?policy=", policy).status()).isEqualTo(204);

        assertThat(there.ask("GET", bucket + "/k")).isEqualTo(200);
        assertThat(there.call("GET", bucket + "?policy=").text()).isEqualTo(policy);
    }

    @Test
    void rulesForPagesOfOtherOriginsHoldAtTheOtherNode() throws Exception {
        String[] asks = {"Origin", "https://page.example", "Access-Control-Request-Method", "GET"};
        assertThat(here.call("PUT", bucket).status()).isEqualTo(200);
        assertThat(there.ask("OPTIONS", bucket + "/k", asks)).isEqualTo(403);
        String rules = "<CORSConfiguration><CORSRule><AllowedOrigin>*</AllowedOrigin>"
                + "<AllowedMethod>GET</AllowedMethod></CORSRule></CORSConfiguration>";
        assertThat(here.call("PUT", bucket + "?cors=", rules).status()).isEqualTo(200);

        assertThat(there.ask("OPTIONS", bucket + "/k", asks)).isEqualTo(200);
    }

    /** Documents are remembered for 2 s. */
    @Test
    void aPermissionThatWasTakenAwayEndsAtTheOtherNode() throws Exception {
        assertThat(here.call("PUT", bucket).status()).isEqualTo(200);
        assertThat(here.call("PUT", bucket + "/k", "body").status()).isEqualTo(200);
        assertThat(here.call("DELETE", bucket + "?publicAccessBlock=").status()).isEqualTo(204);
        String policy = POLICY.formatted(bucket.substring(1));
        assertThat(here.call("PUT", bucket + "?policy=", policy).status()).isEqualTo(204);
        assertThat(there.ask("GET", bucket + "/k")).isEqualTo(200);

        String block = "<PublicAccessBlockConfiguration><RestrictPublicBuckets>true</RestrictPublicBuckets>"
                + "</PublicAccessBlockConfiguration>";
        assertThat(here.call("PUT", bucket + "?publicAccessBlock=", block).status())
                .isEqualTo(200);
        Eventually.holds("the block holds", () -> there.ask("GET", bucket + "/k") == 403);

        assertThat(here.call("DELETE", bucket + "?publicAccessBlock=").status()).isEqualTo(204);
        assertThat(there.ask("GET", bucket + "/k")).isEqualTo(200);
        assertThat(here.call("DELETE", bucket + "?policy=").status()).isEqualTo(204);
        Eventually.holds("the policy is gone", () -> there.ask("GET", bucket + "/k") == 403);
    }

    @Test
    void rulesForPagesOfOtherOriginsThatWereRemovedEndAtTheOtherNode() throws Exception {
        String[] asks = {"Origin", "https://page.example", "Access-Control-Request-Method", "GET"};
        assertThat(here.call("PUT", bucket).status()).isEqualTo(200);
        String rules = "<CORSConfiguration><CORSRule><AllowedOrigin>*</AllowedOrigin>"
                + "<AllowedMethod>GET</AllowedMethod></CORSRule></CORSConfiguration>";
        assertThat(here.call("PUT", bucket + "?cors=", rules).status()).isEqualTo(200);
        assertThat(there.ask("OPTIONS", bucket + "/k", asks)).isEqualTo(200);

        assertThat(here.call("DELETE", bucket + "?cors=").status()).isEqualTo(204);
        Eventually.holds("the rules are gone", () -> there.ask("OPTIONS", bucket + "/k", asks) == 403);
    }

    /** An overwrite would lose what the versioning is to keep. */
    @Test
    void versioningThatWasSwitchedOnHoldsForTheNextWriteAtTheOtherNode() throws IOException {
        assertThat(here.call("PUT", bucket).status()).isEqualTo(200);
        assertThat(there.call("PUT", bucket + "/k", "first").status()).isEqualTo(200);
        assertThat(here.call(
                                "PUT",
                                bucket + "?versioning=",
                                "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>")
                        .status())
                .isEqualTo(200);

        Reply second = there.call("PUT", bucket + "/k", "second");
        if (second.status() == 503) {
            assertThat(second.header("Retry-After")).isPresent();
            second = there.call("PUT", bucket + "/k", "second");
        }
        assertThat(second.status()).as(second.text()).isEqualTo(200);
        assertThat(second.header("x-amz-version-id")).isPresent();
        assertThat(there.call("DELETE", bucket + "/k").header("x-amz-delete-marker"))
                .contains("true");
        assertThat(here.call("GET", bucket + "/k?versionId=null").text()).isEqualTo("first");
    }
}
