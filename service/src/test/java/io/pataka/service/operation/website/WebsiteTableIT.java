package io.pataka.service.operation.website;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ObjectArrays;
import io.pataka.service.testing.S3Connection;
import io.pataka.service.testing.S3Connection.Reply;
import io.pataka.service.testing.S3Server;
import io.pataka.service.testing.WebClient;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The expectations about websites that ceph/s3-tests had until 2023 ({@code test_s3_website.py}), which were tried on Amazon and on Ceph
 * Gateway.
 */
class WebsiteTableIT {

    @RegisterExtension
    static final S3Server SERVER = S3Server.own("websites: {domains: [site.pataka.test]}");

    private static final AtomicInteger BUCKETS = new AtomicInteger();
    private static final String INDEX = "index.html";
    private static final String ERROR = "error.html";

    private String bucket;
    private WebsiteBucket site;
    private WebClient web;

    @BeforeEach
    void makeBucket(S3Connection connection) throws IOException {
        bucket = "table-" + BUCKETS.incrementAndGet();
        site = new WebsiteBucket(connection, bucket);
        web = new WebClient(SERVER.port(), bucket + ".site.pataka.test");
    }

    private void bucketIs(String acl) throws IOException {
        site.call("PUT", "?acl=", Map.of("x-amz-acl", acl.equals("public") ? "public-read" : "private"), "");
    }

    private void object(String key, String acl, String... headers) throws IOException {
        String[] all = ObjectArrays.concat(
                new String[] {"x-amz-acl", acl.equals("public") ? "public-read" : "private"}, headers, String.class);
        site.put(key, "content of " + key, all);
    }

    private static final String INDEX_DOCUMENT = "<IndexDocument><Suffix>" + INDEX + "</Suffix></IndexDocument>";
    private static final String BOTH_DOCUMENTS =
            INDEX_DOCUMENT + "<ErrorDocument><Key>" + ERROR + "</Key></ErrorDocument>";

    @Test
    void aBucketThatIsMissingIsNoSuchBucket() throws IOException {
        Reply reply = new WebClient(SERVER.port(), "table-missing.site.pataka.test").get("/");
        assertThat(reply.status()).isEqualTo(404);
        assertThat(reply.text()).contains("<li>Code: NoSuchBucket</li>");
    }

    /**
     * The bucket, its index and its error document are public, private or missing; none is a website without an error document. What is
     * served is the index, the error document or the default page.
     */
    @ParameterizedTest
    @CsvSource({
        "public,  public,  none,    200, index",
        "private, public,  none,    200, index",
        "private, missing, none,    403, default",
        "public,  missing, none,    404, default",
        "public,  private, none,    403, default",
        "private, private, none,    403, default",
        "private, missing, missing, 403, default",
        "public,  missing, missing, 404, default",
        "public,  private, missing, 403, default",
        "private, private, missing, 403, default",
        "private, missing, private, 403, default",
        "public,  missing, private, 404, default",
        "public,  private, private, 403, default",
        "private, private, private, 403, default",
        "private, missing, public,  403, error",
        "public,  missing, public,  404, error",
        "public,  private, public,  403, error",
        "private, private, public,  403, error",
        "public,  public,  public,  200, index"
    })
    void theRootIsTheIndexOrAnError(String bucketAcl, String index, String error, int status, String content)
            throws IOException {
        site.configure(error.equals("none") ? INDEX_DOCUMENT : BOTH_DOCUMENTS);
        bucketIs(bucketAcl);
        if (!index.equals("missing")) {
            object(INDEX, index);
        }
        if (error.equals("public") || error.equals("private")) {
            object(ERROR, error);
        }

        Reply reply = web.get("/");

        String code = status == 403 ? "AccessDenied" : "NoSuchKey";
        assertThat(reply.status()).isEqualTo(status);
        switch (content) {
            case "index" -> assertThat(reply.text()).isEqualTo("content of " + INDEX);
            case "error" -> {
                assertThat(reply.text()).isEqualTo("content of " + ERROR);
                assertThat(reply.header("x-amz-error-code")).contains(code);
            }
            default -> {
                assertThat(reply.text()).contains("<li>Code: " + code + "</li>");
                assertThat(reply.header("x-amz-error-code")).contains(code);
                assertThat(reply.text()
                                .contains("An Error Occurred While Attempting to Retrieve a Custom Error Document"))
                        .isEqualTo(!error.equals("none"));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "'', /, http://other.example.com/",
        "'', /some/page, http://other.example.com/some/page",
        "<Protocol>https</Protocol>, /some/page, https://other.example.com/some/page",
        "'', /page?query=1, http://other.example.com/page"
    })
    void aPrivateBucketThatRedirectsAllRequests(String protocol, String path, String location) throws IOException {
        site.configure("<RedirectAllRequestsTo><HostName>other.example.com</HostName>" + protocol
                + "</RedirectAllRequestsTo>");
        bucketIs("private");
        assertRedirect(web.get(path), 301, location);
    }

    private static void assertRedirect(Reply reply, int status, String location) {
        assertThat(reply.status()).isEqualTo(status);
        assertThat(reply.header("Location")).contains(location);
        assertThat(reply.length()).isZero();
    }

    @Test
    void anObjectThatRedirectsIsNoWebsite() throws IOException {
        bucketIs("public");
        object("page", "public", "x-amz-website-redirect-location", "/relative");
        Reply reply = web.get("/page");
        assertThat(reply.status()).isEqualTo(404);
        assertThat(reply.text())
                .contains("<li>Code: NoSuchWebsiteConfiguration</li>", "<li>BucketName: " + bucket + "</li>");
    }

    @ParameterizedTest
    @CsvSource({
        "public, /relative, 301",
        "public, http://example.com/foo, 301",
        "private, /relative, 403",
        "private, http://example.com/foo, 403"
    })
    void anObjectRedirectsIfItIsPublic(String acl, String location, int status) throws IOException {
        site.configure(INDEX_DOCUMENT);
        bucketIs("public");
        object("page", acl, "x-amz-website-redirect-location", location);
        Reply reply = web.get("/page");
        if (status == 301) {
            assertRedirect(reply, 301, location);
        } else {
            assertThat(reply.status()).isEqualTo(403);
            assertThat(reply.header("Location")).isEmpty();
            assertThat(reply.text()).contains("<li>Code: AccessDenied</li>");
        }
    }

    private static String rule(String condition, String redirect) {
        return "<RoutingRules><RoutingRule><Condition>" + condition + "</Condition><Redirect>" + redirect
                + "</Redirect></RoutingRule></RoutingRules>";
    }

    private static final String DOCS = "<KeyPrefixEquals>docs/</KeyPrefixEquals>";
    private static final String DOCUMENTS = "<ReplaceKeyPrefixWith>documents/</ReplaceKeyPrefixWith>";
    private static final String IMAGES = "<KeyPrefixEquals>images/</KeyPrefixEquals>";
    private static final String DELETED = "<ReplaceKeyWith>folderdeleted.html</ReplaceKeyWith>";
    private static final String MISSING = "<HttpErrorCodeReturnedEquals>404</HttpErrorCodeReturnedEquals>";
    private static final String REPORT =
            "<HostName>ec2.example.com</HostName><ReplaceKeyPrefixWith>report-404/</ReplaceKeyPrefixWith>";

    /** Rules, path, status, location; HERE stands for the host of the request. */
    static List<Arguments> rules() {
        List<Arguments> rows = new ArrayList<>();
        row(rows, "", "/", 200, null);
        row(rows, "", "/x", 404, null);
        String example1 = rule(DOCS, DOCUMENTS);
        row(rows, example1, "/", 200, null);
        row(rows, example1, "/x", 404, null);
        row(rows, example1, "/docs/", 301, "http://HERE/documents/");
        row(rows, example1, "/docs/x", 301, "http://HERE/documents/x");
        String https = rule(DOCS, "<Protocol>https</Protocol>" + DOCUMENTS);
        row(rows, https, "/", 200, null);
        row(rows, https, "/x", 404, null);
        row(rows, https, "/docs/", 301, "https://HERE/documents/");
        row(rows, https, "/docs/x", 301, "https://HERE/documents/x");
        String host = rule(DOCS, "<Protocol>https</Protocol><HostName>xyzzy</HostName>" + DOCUMENTS);
        row(rows, host, "/", 200, null);
        row(rows, host, "/x", 404, null);
        row(rows, host, "/docs/", 301, "https://xyzzy/documents/");
        row(rows, host, "/docs/x", 301, "https://xyzzy/documents/x");
        row(rows, rule(IMAGES, DELETED), "/images/", 301, "http://HERE/folderdeleted.html");
        row(rows, rule(IMAGES, DELETED), "/images/x", 301, "http://HERE/folderdeleted.html");
        row(rows, rule(MISSING, REPORT), "/x", 301, "http://ec2.example.com/report-404/x");
        row(rows, rule(MISSING, REPORT), "/images/x", 301, "http://ec2.example.com/report-404/images/x");
        row(rows, rule(IMAGES + MISSING, REPORT), "/x", 404, null);
        row(rows, rule(IMAGES + MISSING, REPORT), "/images/x", 301, "http://ec2.example.com/report-404/x");
        for (int status : List.of(301, 302, 303, 304, 305, 307, 308)) {
            String coded = rule(IMAGES, "<HttpRedirectCode>" + status + "</HttpRedirectCode>" + DELETED);
            row(rows, coded, "/images/", status, "http://HERE/folderdeleted.html");
            row(rows, coded, "/images/x", status, "http://HERE/folderdeleted.html");
        }
        return rows;
    }

    private static void row(List<Arguments> rows, String rules, String path, int status, String location) {
        rows.add(Arguments.of(rules, path, status, location));
    }

    @ParameterizedTest
    @MethodSource("rules")
    void routingRules(String rules, String path, int status, String location) throws IOException {
        site.configure(BOTH_DOCUMENTS + rules);
        bucketIs("public");
        object(INDEX, "public");
        object(ERROR, "public");

        Reply reply = web.get(path);

        if (location != null) {
            assertRedirect(reply, status, location.replace("HERE", web.host()));
        } else {
            assertThat(reply.status()).isEqualTo(status);
            assertThat(reply.text()).isEqualTo("content of " + (status == 200 ? INDEX : ERROR));
        }
    }

    @Test
    void theConfigurationIsAnsweredAsItWasSet() throws IOException {
        String elements = BOTH_DOCUMENTS + rule(IMAGES + MISSING, "<Protocol>https</Protocol>" + REPORT);
        site.configure(elements);
        assertThat(site.call("GET", "?website=", Map.of(), "").text())
                .isEqualTo("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                        + "<WebsiteConfiguration xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">" + elements
                        + "</WebsiteConfiguration>");
    }
}
