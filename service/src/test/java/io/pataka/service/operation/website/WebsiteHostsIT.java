package io.pataka.service.operation.website;

import static org.assertj.core.api.Assertions.assertThat;

import io.pataka.service.testing.S3Connection;
import io.pataka.service.testing.S3Connection.Reply;
import io.pataka.service.testing.S3Server;
import io.pataka.service.testing.ServerProcess;
import io.pataka.service.testing.ServerSettings;
import io.pataka.service.testing.WebClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which hosts are of S3 and which are websites, on the port for both and on the port for websites. */
class WebsiteHostsIT {

    private static final int WEB_PORT = freePort();

    @RegisterExtension
    static final S3Server SERVER = S3Server.edited(settings -> {
        ServerSettings.replace(
                settings,
                "- {type: http, bindHost: 127.0.0.1, port: 0}\n",
                "- {type: http, bindHost: 127.0.0.1, port: 0, useForwardedHeaders: true}\n    - {type: http, bindHost:"
                        + " 127.0.0.1, port: " + WEB_PORT + ", useForwardedHeaders: true}\n");
        Files.writeString(
                settings,
                "domains: [s3.pataka.test]\nwebsites: {domains: [site.pataka.test], port: " + WEB_PORT + "}\n",
                StandardOpenOption.APPEND);
    });

    private static int freePort() {
        try {
            return ServerProcess.freePort();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Buckets with the names of hosts of S3 and of websites, each with an index that says which it is. */
    @BeforeAll
    static void makeBuckets(S3Connection s3) throws IOException {
        for (String bucket : new String[] {"www.pataka.test", "s3.pataka.test", "photos", "photos.s3.pataka.test"}) {
            WebsiteBucket site = new WebsiteBucket(s3, bucket);
            site.configure("""
                    <IndexDocument><Suffix>index.html</Suffix></IndexDocument>
                    <RoutingRules><RoutingRule><Condition><KeyPrefixEquals>old/</KeyPrefixEquals></Condition>
                    <Redirect><ReplaceKeyPrefixWith>new/</ReplaceKeyPrefixWith></Redirect></RoutingRule></RoutingRules>
                    """);
            site.put("index.html", "website of " + bucket, "x-amz-acl", "public-read");
            site.put("-/ready", "object of " + bucket, "x-amz-acl", "public-read");
        }
    }

    private static WebClient onS3Port(String host) {
        return new WebClient(SERVER.port(), host);
    }

    private static WebClient onWebPort(String host) {
        return new WebClient(WEB_PORT, host);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "photos.site.pataka.test",
                "PHOTOS.Site.Pataka.TEST",
                "photos.site.pataka.test.",
                "photos.site.pataka.test:9600"
            })
    void aHostBelowADomainIsAWebsiteOnBothPorts(String host) throws IOException {
        assertThat(onS3Port(host).get("/").text()).isEqualTo("website of photos");
        assertThat(onWebPort(host).get("/").text()).isEqualTo("website of photos");
    }

    @ParameterizedTest
    @ValueSource(strings = {"www.pataka.test", "WWW.Pataka.Test", "www.pataka.test:80", "www.pataka.test."})
    void theNameOfABucketIsAWebsiteOnlyOnThePortForWebsites(String host) throws IOException {
        assertThat(onWebPort(host).get("/").text()).isEqualTo("website of www.pataka.test");
        assertThat(onS3Port(host).get("/").text()).as("the list of buckets").contains("<Code>AccessDenied</Code>");
        assertThat(onS3Port(host).get("/photos/index.html").text()).isEqualTo("website of photos");
    }

    /** Even if a tenant has a bucket of the name. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "s3.pataka.test",
                "photos.s3.pataka.test",
                "S3.PATAKA.TEST:443",
                "127.0.0.1",
                "[::1]",
                "site.pataka.test"
            })
    void aHostOfS3IsNoWebsite(String host) throws IOException {
        Reply reply = onWebPort(host).get("/");
        assertThat(reply.status()).isEqualTo(404);
        assertThat(reply.text()).contains("<li>Code: NoSuchBucket</li>");
        assertThat(onS3Port(host).get("/").text()).doesNotContain("website of");
    }

    @Test
    void noRequestToS3IsServedOnThePortForWebsites() throws IOException {
        try (S3Connection s3 = new S3Connection(WEB_PORT, S3Server.KEYS)) {
            assertThat(s3.call("GET", "/").status()).isEqualTo(404);
            assertThat(s3.call("GET", "/photos/index.html").status()).isEqualTo(404);
            assertThat(s3.call("PUT", "/new-bucket").status()).isEqualTo(404);
        }
    }

    /** The path of a proxy's check is a key wherever the host is a bucket's. */
    @Test
    void aProxyCanAskBothPortsWhetherTheNodeIsReady() throws IOException {
        assertThat(onS3Port("127.0.0.1").get("/-/ready").text()).isEqualTo("ready\n");
        assertThat(onWebPort("127.0.0.1").get("/-/ready").text()).isEqualTo("ready\n");
        assertThat(WebClient.send(WEB_PORT, "GET /-/ready HTTP/1.0\r\n\r\n").text())
                .isEqualTo("ready\n");
        assertThat(onWebPort("www.pataka.test").get("/-/ready").text()).isEqualTo("object of www.pataka.test");
        assertThat(onS3Port("photos.site.pataka.test").get("/-/ready").text()).isEqualTo("object of photos");
    }

    /** RFC 9112 section 3.2.2: with the absolute form the Host header must be the same, or does not count. */
    @ParameterizedTest
    @CsvSource({
        "http://www.pataka.test/, photos.site.pataka.test",
        "http://photos.site.pataka.test/, www.pataka.test",
        "http://s3.pataka.test/, photos.site.pataka.test",
        "http://photos.site.pataka.test/, s3.pataka.test"
    })
    void anAbsoluteTargetWithAnotherHostIsRefused(String target, String host) throws IOException {
        for (int port : new int[] {SERVER.port(), WEB_PORT}) {
            Reply reply = new WebClient(port, host).get(target);
            assertThat(reply.status()).isEqualTo(400);
            assertThat(reply.text()).doesNotContain("website of");
        }
    }

    @Test
    void anAbsoluteTargetWithTheSameHostIsServed() throws IOException {
        assertThat(onWebPort("www.pataka.test").get("http://www.pataka.test/").text())
                .isEqualTo("website of www.pataka.test");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Host: photos.site.pataka.test\r\nHost: s3.pataka.test\r\n",
                "Host: photos.site.pataka.test, s3.pataka.test\r\n",
                "Host: photos.site.pataka.test/..\r\n",
                "Host: photos.site.pataka.test@s3.pataka.test\r\n",
                "Host: s3.pataka.test#.site.pataka.test\r\n",
                "Host: \u0000photos.site.pataka.test\r\n",
                ""
            })
    void anUnclearHostIsRefused(String lines) throws IOException {
        for (int port : new int[] {SERVER.port(), WEB_PORT}) {
            Reply reply = WebClient.send(port, "GET / HTTP/1.1\r\n" + lines + "Connection: close\r\n\r\n");
            assertThat(reply.status()).as(reply.text()).isIn(400, 403, 404);
            assertThat(reply.text()).doesNotContain("website of");
        }
    }

    @Test
    void redirectsStayOnTheHostAndThePortOfTheRequest() throws IOException {
        assertThat(onWebPort("WWW.pataka.test:9600").get("/old/x").header("Location"))
                .contains("http://www.pataka.test:9600/new/x");
        assertThat(onS3Port("photos.site.pataka.test").get("/old/x").header("Location"))
                .contains("http://photos.site.pataka.test/new/x");
    }

    @Test
    void redirectsKeepTheSchemeThatTheProxyNames() throws IOException {
        assertThat(onWebPort("www.pataka.test")
                        .get("/old/x", "X-Forwarded-Proto: https")
                        .header("Location"))
                .contains("https://www.pataka.test/new/x");
    }

    @Test
    void aForwardedPortDoesNotChooseBetweenS3AndWebsites() throws IOException {
        for (String header : new String[] {"X-Forwarded-Port: " + WEB_PORT, "X-Forwarded-For: 127.0.0.1:" + WEB_PORT}) {
            assertThat(onS3Port("www.pataka.test").get("/", header).text()).doesNotContain("website of");
        }
    }
}
