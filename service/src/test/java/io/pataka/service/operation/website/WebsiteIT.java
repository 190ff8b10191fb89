package io.pataka.service.operation.website;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.pataka.service.http.AccessLog;
import io.pataka.service.testing.Eventually;
import io.pataka.service.testing.HeaderSigner;
import io.pataka.service.testing.S3Connection;
import io.pataka.service.testing.S3Connection.Body;
import io.pataka.service.testing.S3Connection.Reply;
import io.pataka.service.testing.S3Server;
import io.pataka.service.testing.WebClient;
import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** A bucket's website over HTTP: what is served to whom, and what requests cannot do. */
class WebsiteIT {

    @RegisterExtension
    static final S3Server SERVER = S3Server.own("domains: [s3.pataka.test]", "websites: {domains: [site.pataka.test]}");

    private static final AtomicInteger BUCKETS = new AtomicInteger();
    private static final String INDEX = "<IndexDocument><Suffix>index.html</Suffix></IndexDocument>";
    private static final String ERROR = "<ErrorDocument><Key>error.html</Key></ErrorDocument>";

    private S3Connection s3;
    private String bucket;
    private WebsiteBucket site;
    private WebClient web;

    /** All objects are public, and the bucket cannot be listed. */
    @BeforeEach
    void makeBucket(S3Connection connection) throws IOException {
        bucket = "web-" + BUCKETS.incrementAndGet();
        s3 = connection;
        site = new WebsiteBucket(connection, bucket);
        web = new WebClient(SERVER.port(), bucket + ".site.pataka.test");
        policy("""
                {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::BUCKET/*"}""");
        site.configure(INDEX);
    }

    private void policy(String statements) throws IOException {
        String document =
                "{\"Version\": \"2012-10-17\", \"Statement\": [" + statements.replace("BUCKET", bucket) + "]}";
        site.call("PUT", "?policy=", Map.of(), document);
    }

    private static void assertRedirect(Reply reply, int status, String location) {
        assertThat(reply.status()).as(reply.head()).isEqualTo(status);
        assertThat(reply.header("Location")).contains(location);
        assertThat(reply.length()).isZero();
    }

    private static void assertPage(Reply reply, int status, String code) {
        assertThat(reply.status()).as(reply.head()).isEqualTo(status);
        assertThat(reply.header("Content-Type")).contains("text/html; charset=utf-8");
        assertThat(reply.header("x-amz-error-code")).contains(code);
        assertThat(reply.text()).contains("<li>Code: " + code + "</li>", "<li>RequestId: ");
    }

    @Test
    void anObjectIsServedWithItsHeaders() throws IOException {
        site.put(
                "page.html",
                "<p>hello",
                "content-type",
                "text/html",
                "cache-control",
                "max-age=60",
                "x-amz-meta-a",
                "b");
        Reply reply = web.get("/page.html");
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.text()).isEqualTo("<p>hello");
        assertThat(reply.header("Content-Type")).contains("text/html");
        assertThat(reply.header("Cache-Control")).contains("max-age=60");
        assertThat(reply.header("x-amz-meta-a")).contains("b");
        assertThat(reply.header("ETag")).isPresent();
        assertThat(reply.header("x-amz-request-id")).isPresent();
    }

    @ParameterizedTest
    @CsvSource({
        "/, index.html",
        "/docs/, docs/index.html",
        "/a//, a//index.html",
        "//, /index.html",
        "/?x=/, index.html"
    })
    void aFolderIsItsIndex(String path, String key) throws IOException {
        site.put(key, "the index");
        assertThat(web.get(path).text()).isEqualTo("the index");
    }

    /** The bucket cannot be listed, so that a missing key is 403. */
    @ParameterizedTest
    @CsvSource({
        "/docs, docs/index.html, /docs/",
        "/a/b, a/b/index.html, /a/b/",
        "/a%20b%3F, a%20b%3F/index.html, /a%20b%3F/",
        "/docs?x=1, docs/index.html, /docs/",
        "//evil.example.org, /evil.example.org/index.html, /%2Fevil.example.org/",
        "/%2F/evil.example.org, //evil.example.org/index.html, /%2F/evil.example.org/"
    })
    void aKeyWithAnIndexBelowItIsRedirected(String path, String index, String location) throws IOException {
        site.put(index, "the index");
        assertRedirect(web.get(path), 302, location);
        assertRedirect(web.send("HEAD", path), 302, location);
        assertThat(web.get(location).text()).isEqualTo("the index");
    }

    @Test
    void anObjectIsServedAlthoughAnIndexIsBelowItsKey() throws IOException {
        site.put("docs", "the object");
        site.put("docs/index.html", "the index");
        assertThat(web.get("/docs").text()).isEqualTo("the object");
    }

    @Test
    void headAnswersTheHeadersOfGet() throws IOException {
        site.put("index.html", "the index");
        Reply found = web.send("HEAD", "/");
        assertThat(found.status()).isEqualTo(200);
        assertThat(found.header("Content-Length")).contains("9");
        assertThat(found.length()).isZero();

        Reply missing = web.send("HEAD", "/missing");
        assertThat(missing.status()).isEqualTo(403);
        assertThat(missing.header("x-amz-error-code")).contains("AccessDenied");
        assertThat(missing.header("Content-Type")).contains("text/html; charset=utf-8");
        assertThat(missing.length()).isZero();

        site.configure(INDEX + ERROR);
        site.put("error.html", "my error");
        Reply document = web.send("HEAD", "/missing");
        assertThat(document.status()).isEqualTo(403);
        assertThat(document.header("Content-Length")).contains("8");
        assertThat(document.header("x-amz-error-code")).contains("AccessDenied");
        assertThat(document.length()).isZero();
    }

    @Test
    void rangesAndConditionsCount() throws IOException {
        site.put("index.html", "0123456789");
        site.put("error.html", "my error");
        String etag = web.get("/").header("ETag").orElseThrow();
        Reply part = web.get("/", "Range: bytes=2-4");
        assertThat(part.status()).isEqualTo(206);
        assertThat(part.text()).isEqualTo("234");
        assertThat(part.header("Content-Range")).contains("bytes 2-4/10");
        assertThat(web.get("/", "If-None-Match: " + etag).status()).isEqualTo(304);
        assertPage(web.get("/", "Range: bytes=100-"), 416, "InvalidRange");
        assertPage(web.get("/", "If-Match: \"other\""), 412, "PreconditionFailed");

        site.configure(INDEX + ERROR);
        for (String header : new String[] {"Range: bytes=100-", "If-Match: \"other\""}) {
            Reply document = web.get("/", header);
            assertThat(document.status()).isGreaterThanOrEqualTo(400);
            assertThat(document.text())
                    .as("neither range nor condition are for the error document")
                    .isEqualTo("my error");
        }
    }

    /** These are parameters of S3, which change nothing here. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "versionId=x",
                "acl",
                "uploads",
                "partNumber=7",
                "response-content-type=text/plain",
                "X-Amz-Signature=00",
                "%zz"
            })
    void theQueryIsIgnored(String query) throws IOException {
        site.put("page", "the page", "content-type", "text/html");
        Reply reply = web.get("/page?" + query);
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.text()).isEqualTo("the page");
        assertThat(reply.header("Content-Type")).contains("text/html");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Authorization: AWS4-HMAC-SHA256 Credential=PATAKATEST/20260101/us-east-1/s3/aws4_request, "
                        + "SignedHeaders=host, Signature=00",
                "Authorization: Basic dXNlcjpwYXNzd29yZA==",
                "x-amz-expected-bucket-owner: other",
                "x-amz-server-side-encryption: AES256",
                "x-amz-server-side-encryption-customer-algorithm: AES256",
                "x-amz-object-lock-mode: GOVERNANCE",
                "x-amz-content-sha256: 00"
            })
    void theHeadersOfS3AreIgnored(String header) throws IOException {
        site.put("page", "the page");
        assertThat(web.get("/page", header).text()).isEqualTo("the page");
    }

    @Test
    void aRequestWithTheOwnersSignatureIsAnonymous() throws IOException {
        site.call("DELETE", "?policy=", Map.of(), "");
        site.put("page", "the page");
        assertThat(site.call("GET", "/page", Map.of(), "").text()).isEqualTo("the page");
        String signed =
                new HeaderSigner(S3Server.KEYS, web.host()).sign("GET", "/page", "", new TreeMap<>(), Instant.now());
        String withoutHost =
                signed.replaceFirst("(?i)(^|\r\n)host: [^\r]*\r\n", "$1").trim();
        assertPage(web.get("/page", withoutHost.split("\r\n")), 403, "AccessDenied");
    }

    @ParameterizedTest
    @ValueSource(strings = {"PUT", "POST", "DELETE", "PATCH", "PROPFIND"})
    void otherMethodsAreNotAllowed(String method) throws IOException {
        site.put("page", "the page");
        Reply reply = web.send(method, "/page", "Content-Length: 0");
        assertPage(reply, 405, "MethodNotAllowed");
        assertThat(reply.header("Allow")).contains("GET, HEAD, OPTIONS");
        assertThat(web.get("/page").text()).isEqualTo("the page");
    }

    @Test
    void whatThePolicyDeniesIsRefused() throws IOException {
        site.put("page", "the page");
        policy("""
                {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::BUCKET/*",
                 "Condition": {"StringLike": {"aws:Referer": "https://app.example.org/*"}}}""");
        assertPage(web.get("/page"), 403, "AccessDenied");
        assertThat(web.get("/page", "Referer: https://app.example.org/x").status())
                .isEqualTo(200);
    }

    @Test
    void thePublicAccessBlockCounts() throws IOException {
        site.put("page", "the page", "x-amz-acl", "public-read");
        assertThat(web.get("/page").status()).isEqualTo(200);
        site.call("PUT", "?publicAccessBlock=", Map.of(), """
                <PublicAccessBlockConfiguration><IgnorePublicAcls>true</IgnorePublicAcls>
                <RestrictPublicBuckets>true</RestrictPublicBuckets></PublicAccessBlockConfiguration>""");
        assertPage(web.get("/page"), 403, "AccessDenied");
    }

    @Test
    void inABucketWhoseRequestersPayAllIsRefused() throws IOException {
        site.put("page", "the page");
        site.call("PUT", "?requestPayment=", Map.of(), """
                <RequestPaymentConfiguration><Payer>Requester</Payer></RequestPaymentConfiguration>""");
        assertPage(web.get("/page"), 403, "AccessDenied");
        assertPage(web.get("/page", "x-amz-request-payer: requester"), 403, "AccessDenied");
        assertPage(web.get("/page?x-amz-request-payer=requester"), 403, "AccessDenied");
    }

    @Test
    void encryptedObjectsAreServedUnlessTheCustomerHasTheKey() throws IOException {
        site.put("page", "the page", "x-amz-server-side-encryption", "AES256");
        assertThat(web.get("/page").text()).isEqualTo("the page");
        site.put(
                "secret",
                "the secret",
                "x-amz-server-side-encryption-customer-algorithm",
                "AES256",
                "x-amz-server-side-encryption-customer-key",
                "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=",
                "x-amz-server-side-encryption-customer-key-md5",
                "KYvwGXoFFJ42a2u2GDWhwQ==");
        assertPage(web.get("/secret"), 400, "InvalidRequest");
    }

    @Test
    void aDeletedObjectIsMissing() throws IOException {
        site.call("PUT", "?versioning=", Map.of(), """
                <VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>""");
        site.put("page", "the page");
        String version = web.get("/page").header("x-amz-version-id").orElseThrow();
        site.call("DELETE", "/page", Map.of(), "");
        assertPage(web.get("/page?versionId=" + version), 403, "AccessDenied");
        policy("""
                {"Effect": "Allow", "Principal": "*", "Action": ["s3:GetObject", "s3:ListBucket"],
                 "Resource": ["arn:aws:s3:::BUCKET/*", "arn:aws:s3:::BUCKET"]}""");
        assertPage(web.get("/page?versionId=" + version), 404, "NoSuchKey");
    }

    @Test
    void anObjectThatRedirectsHasNoOtherContent() throws IOException {
        site.put("moved", "", "x-amz-website-redirect-location", "https://example.org/new?a=b#c");
        assertRedirect(web.get("/moved"), 301, "https://example.org/new?a=b#c");
        assertRedirect(web.send("HEAD", "/moved"), 301, "https://example.org/new?a=b#c");
        assertRedirect(web.get("/moved", "Range: bytes=0-"), 301, "https://example.org/new?a=b#c");
        assertThat(site.call("GET", "/moved", Map.of(), "").header("x-amz-website-redirect-location"))
                .as("on S3 it is a header like others")
                .contains("https://example.org/new?a=b#c");
        site.put("index.html", "content", "x-amz-website-redirect-location", "/home");
        assertRedirect(web.get("/"), 301, "/home");
    }

    @Test
    void anErrorDocumentThatRedirectsIsSent() throws IOException {
        site.configure(INDEX + ERROR);
        site.put("error.html", "my error", "x-amz-website-redirect-location", "/elsewhere");
        Reply reply = web.get("/missing");
        assertThat(reply.status()).isEqualTo(403);
        assertThat(reply.text()).isEqualTo("my error");
        assertThat(reply.header("x-amz-website-redirect-location")).isEmpty();
    }

    private static String rule(String condition, String redirect) {
        return "<RoutingRule><Condition>" + condition + "</Condition><Redirect>" + redirect
                + "</Redirect></RoutingRule>";
    }

    @Test
    void theFirstRuleThatAppliesCounts() throws IOException {
        site.configure(INDEX
                + ERROR
                + "<RoutingRules>"
                + rule("<KeyPrefixEquals>a/b</KeyPrefixEquals>", "<ReplaceKeyWith>first</ReplaceKeyWith>")
                + rule("<KeyPrefixEquals>a/</KeyPrefixEquals>", "<ReplaceKeyWith>second</ReplaceKeyWith>")
                + rule(
                        "<HttpErrorCodeReturnedEquals>403</HttpErrorCodeReturnedEquals>",
                        "<HttpRedirectCode>302</HttpRedirectCode><ReplaceKeyPrefixWith>#!/</ReplaceKeyPrefixWith>")
                + "</RoutingRules>");
        site.put("a/object", "not sent");
        site.put("b/object", "sent");
        site.put("error.html", "not sent");
        site.put("folder/index.html", "the index");
        String here = "http://" + web.host();
        assertRedirect(web.get("/a/bc"), 301, here + "/first");
        assertRedirect(web.get("/a/object"), 301, here + "/second");
        assertThat(web.get("/b/object").text()).isEqualTo("sent");
        assertRedirect(web.get("/missing/x%20y"), 302, here + "/#!/missing/x%20y");
        assertRedirect(web.get("/folder"), 302, "/folder/");
        assertRedirect(web.get("/folder/missing"), 302, here + "/#!/folder/missing");
    }

    @Test
    void aKeyInAPageIsEscaped() throws IOException {
        policy("""
                {"Effect": "Allow", "Principal": "*", "Action": ["s3:GetObject", "s3:ListBucket"],
                 "Resource": ["arn:aws:s3:::BUCKET/*", "arn:aws:s3:::BUCKET"]}""");
        Reply reply = web.get("/%3Cscript%3Ealert(1)%3C/script%3E%22'&%C3%BC");
        assertPage(reply, 404, "NoSuchKey");
        assertThat(reply.text())
                .contains("<li>Key: &lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&amp;ü</li>")
                .doesNotContain("<script");
        assertThat(reply.header("x-amz-error-detail-Key")).contains("<script>alert(1)</script>\"'&%C3%BC");
    }

    @Test
    void aNameOfABucketInAPageIsEscaped() throws IOException {
        Reply reply = new WebClient(SERVER.port(), "x\"'&.site.pataka.test").get("/");
        assertThat(reply.status()).isIn(400, 404);
        assertThat(reply.text()).doesNotContain("x\"'&.");
    }

    /** Line ends in keys end no header, wherever the key is sent. */
    @Test
    void keysWithLineEndsAddNoHeaders() throws IOException {
        String evil = "/%0D%0AX-Evil:%201%0D%0A%0D%0A%3Cscript%3E";
        policy("""
                {"Effect": "Allow", "Principal": "*", "Action": ["s3:GetObject", "s3:ListBucket"],
                 "Resource": ["arn:aws:s3:::BUCKET/*", "arn:aws:s3:::BUCKET"]}""");
        Reply error = web.get(evil);
        assertPage(error, 404, "NoSuchKey");
        assertThat(error.header("X-Evil")).isEmpty();
        assertThat(error.header("x-amz-error-detail-Key")).contains("%0D%0AX-Evil: 1%0D%0A%0D%0A<script>");

        site.configure(INDEX
                + "<RoutingRules>"
                + rule(
                        "<KeyPrefixEquals>go/</KeyPrefixEquals>",
                        "<ReplaceKeyPrefixWith>a&#13;&#10;b/</ReplaceKeyPrefixWith>")
                + "</RoutingRules>");
        assertRedirect(
                web.get("/go" + evil),
                301,
                "http://" + web.host() + "/a%0D%0Ab/%0D%0AX-Evil%3A%201%0D%0A%0D%0A%3Cscript%3E");

        site.configure("<RedirectAllRequestsTo><HostName>example.org</HostName></RedirectAllRequestsTo>");
        assertRedirect(web.get(evil), 301, "http://example.org/%0D%0AX-Evil%3A%201%0D%0A%0D%0A%3Cscript%3E");
    }

    /** Jetty refuses these before their host counts. */
    @ParameterizedTest
    @ValueSource(strings = {"/%zz", "*", "page", "/<script>%zz"})
    void aBrokenPathIsRefused(String path) throws IOException {
        Reply reply = web.get(path);
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.text()).doesNotContain("<script");
    }

    @Test
    void aLongKeyIsRefused() throws IOException {
        assertPage(web.get("/" + "x".repeat(1025)), 400, "KeyTooLongError");
        assertPage(web.get("/" + "x".repeat(1020) + "/"), 400, "KeyTooLongError");
        assertPage(web.get("/" + "x".repeat(1024)), 403, "AccessDenied");
    }

    @Test
    void pagesOfOtherOriginsReadByTheRulesOfTheBucket() throws IOException {
        site.put("page", "the page");
        String origin = "Origin: https://app.example.org";
        assertThat(web.get("/page", origin).header("Access-Control-Allow-Origin"))
                .isEmpty();
        assertPage(web.send("OPTIONS", "/page", origin, "Access-Control-Request-Method: GET"), 403, "AccessForbidden");
        site.call("PUT", "?cors=", Map.of(), """
                <CORSConfiguration><CORSRule><AllowedMethod>GET</AllowedMethod>
                <AllowedOrigin>https://app.example.org</AllowedOrigin></CORSRule></CORSConfiguration>""");
        assertThat(web.get("/page", origin).header("Access-Control-Allow-Origin"))
                .contains("https://app.example.org");
        assertThat(web.get("/missing", origin).header("Access-Control-Allow-Origin"))
                .contains("https://app.example.org");
        for (String path : new String[] {"/page", "/"}) {
            Reply preflight = web.send("OPTIONS", path, origin, "Access-Control-Request-Method: GET");
            assertThat(preflight.status()).isEqualTo(200);
            assertThat(preflight.header("Access-Control-Allow-Methods").orElseThrow())
                    .contains("GET");
        }
    }

    @Test
    void aWebsiteThatIsDeletedIsServedNoMore() throws IOException {
        site.put("page", "the page");
        assertThat(web.get("/page").status()).isEqualTo(200);
        site.call("DELETE", "?website=", Map.of(), "");
        assertPage(web.get("/page"), 404, "NoSuchWebsiteConfiguration");
        assertPage(web.send("OPTIONS", "/page", "Origin: https://a.example"), 404, "NoSuchWebsiteConfiguration");
        assertThat(s3.call("GET", "/" + bucket + "?website=").status()).isEqualTo(404);
    }

    @Test
    void aBrokenConfigurationChangesNothing() throws IOException {
        for (String elements : new String[] {"", "<IndexDocument><Suffix>a/b</Suffix></IndexDocument>"}) {
            Reply refused = s3.call(
                    "PUT",
                    "/" + bucket + "?website=",
                    Map.of(),
                    Body.of(("<WebsiteConfiguration>" + elements + "</WebsiteConfiguration>").getBytes(UTF_8)));
            assertThat(refused.status()).isEqualTo(400);
            assertThat(refused.text()).contains("<Code>InvalidArgument</Code>");
        }
        assertThat(site.call("GET", "?website=", Map.of(), "").text()).contains(INDEX);
    }

    /** Only the settings say that a proxy is trusted; then these headers name the host for S3 and for websites. */
    @ParameterizedTest
    @ValueSource(strings = {"X-Forwarded-Host: ", "Forwarded: host=", "X-Forwarded-Server: ", "X-Host: "})
    void aForwardedHostDoesNotChooseBetweenS3AndWebsites(String name) throws IOException {
        site.put("index.html", "the index");
        WebClient ofS3 = new WebClient(SERVER.port(), "s3.pataka.test");
        assertThat(ofS3.get("/", name + web.host()).text()).contains("<Code>AccessDenied</Code>");
        assertThat(web.get("/", name + "s3.pataka.test").text()).isEqualTo("the index");
    }

    @Test
    void requestsAreCountedUnderAmazonsNames() throws IOException {
        site.put("page", "the page");
        web.get("/page");
        web.send("HEAD", "/page");
        assertThat(SERVER.admin("/metrics"))
                .contains(
                        "pataka_operation_requests_total{operation=\"WEBSITE.GET.OBJECT\",status=\"200\"}",
                        "pataka_operation_requests_total{operation=\"WEBSITE.HEAD.OBJECT\",status=\"200\"}");
    }

    @Test
    void theAccessLogHasAmazonsNamesAndTheError() throws Exception {
        Logger log = (Logger) LoggerFactory.getLogger(AccessLog.LOGGER);
        Level before = log.getLevel();
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        lines.start();
        log.setLevel(Level.INFO);
        log.addAppender(lines);
        try {
            web.get("/missing?x=1");
            Eventually.holds("the request is logged", () -> !lines.list.isEmpty());
            assertThat(lines.list.get(0).getFormattedMessage())
                    .contains(
                            "\"operation\":\"WEBSITE.GET.OBJECT\",\"bucket\":\"" + bucket + "\",\"key\":\"missing\"",
                            "\"account\":\"anonymous\"",
                            "\"status\":403,\"error\":\"AccessDenied\"");
        } finally {
            log.detachAppender(lines);
            log.setLevel(before);
        }
    }

    /** A node refuses nothing because of what another has changed before the request came. */
    @Test
    void aChangeOnOneNodeIsServedOnAnother() throws Exception {
        site.call("DELETE", "?website=", Map.of(), "");
        site.put("home.html", "the page");
        try (S3Server second = S3Server.nodeBeside(SERVER).start()) {
            WebClient there = new WebClient(second.port(), web.host());
            assertPage(there.get("/"), 404, "NoSuchWebsiteConfiguration");
            site.configure(INDEX);
            assertPage(there.get("/"), 403, "AccessDenied");
            site.configure(INDEX.replace("index.html", "home.html"));
            assertThat(there.get("/").text()).isEqualTo("the page");
        }
    }
}
