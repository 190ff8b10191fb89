package io.pataka.service.operation.website;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pataka.service.testing.Chromium;
import io.pataka.service.testing.S3Connection;
import io.pataka.service.testing.S3Server;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Debian's Chromium opens websites of buckets under their host names. */
class WebsiteInChromiumIT {

    @RegisterExtension
    static final S3Server SERVER = S3Server.own("domains: [s3.pataka.test]", "websites: {domains: [site.pataka.test]}");

    private static final AtomicInteger BUCKETS = new AtomicInteger();
    private static final String INDEX = "<IndexDocument><Suffix>index.html</Suffix></IndexDocument>";
    private static final String ERROR = "<ErrorDocument><Key>error.html</Key></ErrorDocument>";

    @TempDir
    private static Path folder;

    private static Chromium chromium;

    private S3Connection s3;
    private String bucket;
    private WebsiteBucket site;
    private String home;
    private Chromium.Tab tab;

    @BeforeAll
    static void start() throws Exception {
        chromium = new Chromium(folder, SERVER.port(), List.of("*.site.pataka.test", "s3.pataka.test"));
    }

    @AfterAll
    static void stop() throws Exception {
        chromium.close();
    }

    /** Anyone may read and list it. */
    @BeforeEach
    void makeSite(S3Connection connection) throws Exception {
        s3 = connection;
        bucket = "chromium-" + BUCKETS.incrementAndGet();
        site = publicSite(bucket);
        home = "http://" + bucket + ".site.pataka.test";
        tab = chromium.tab();
    }

    private WebsiteBucket publicSite(String name) throws IOException {
        WebsiteBucket made = new WebsiteBucket(s3, name);
        made.call("PUT", "?policy=", Map.of(), """
                {"Version": "2012-10-17", "Statement": [
                    {"Effect": "Allow", "Principal": "*", "Action": ["s3:GetObject", "s3:ListBucket"],
                     "Resource": ["arn:aws:s3:::BUCKET", "arn:aws:s3:::BUCKET/*"]}]}""".replace("BUCKET", name));
        made.configure(INDEX + ERROR);
        return made;
    }

    private void page(String key, String title, String body) throws IOException {
        String text = "<!DOCTYPE html><title>" + title + "</title>" + body;
        site.put(key, text, "content-type", "text/html; charset=utf-8");
    }

    private void assertTitle(String title) throws Exception {
        assertThat(tab.evaluate("document.title")).isEqualTo(title);
    }

    /** Chromium refuses a style sheet and a module of the wrong type. */
    @Test
    void aPageIsShownWithItsStyleSheetScriptAndImage() throws Exception {
        page("index.html", "Home ümläut", """
                <link rel=stylesheet href="style/main.css"><h1>Welcome</h1><img src="image.svg">
                <script type=module src="script/main.mjs"></script>""");
        site.put("style/main.css", "body { background: rgb(255, 0, 0) }", "content-type", "text/css");
        site.put("script/main.mjs", "document.body.dataset.ran = 'yes'", "content-type", "text/javascript");
        site.put(
                "image.svg",
                "<svg xmlns='http://www.w3.org/2000/svg' width='30' height='20'/>",
                "content-type",
                "image/svg+xml");

        tab.open(home + "/");

        assertTitle("Home ümläut");
        assertThat(tab.status()).isEqualTo(200);
        assertThat(tab.evaluate("document.body.dataset.ran")).isEqualTo("yes");
        assertThat(tab.evaluate("document.images[0].naturalWidth")).isEqualTo("30");
        int corner = ImageIO.read(new ByteArrayInputStream(tab.screenshot())).getRGB(1, 1);
        assertThat(corner).as("the colour that is shown").isEqualTo(0xffff0000);
    }

    /** The links of the page are relative to its folder, so that the browser must get the slash. */
    @Test
    void aLinkToAFolderLeadsToItsIndex() throws Exception {
        page("index.html", "Home", "<a href='docs'>docs</a>");
        page("docs/index.html", "Documents", "<a href='more.html'>more</a>");
        page("docs/more.html", "More", "");

        tab.open(home + "/");
        tab.follow("document.links[0].click()");
        assertTitle("Documents");
        assertThat(tab.evaluate("location.href")).isEqualTo(home + "/docs/");
        tab.follow("document.links[0].click()");
        assertTitle("More");
    }

    @Test
    void theErrorDocumentIsShownWithTheStatusOfTheError() throws Exception {
        page("error.html", "Not here", "<h1>Sorry</h1>");

        tab.open(home + "/no/such/page");

        assertTitle("Not here");
        assertThat(tab.status()).isEqualTo(404);
        assertThat(tab.evaluate("location.href")).isEqualTo(home + "/no/such/page");
    }

    /** A browser sends what is in the path as it is, and the page of the server names the key. */
    @Test
    void aKeyInThePageOfAnErrorRunsNoScript() throws Exception {
        site.configure(INDEX);
        String key = "<img src=x onerror=\"document.title='script'\"><script>document.title='script'</script>";

        tab.open(home + "/" + tab.evaluate("encodeURIComponent(`" + key + "`)"));

        assertTitle("404 Not Found");
        assertThat(tab.status()).isEqualTo(404);
        assertThat(tab.evaluate("document.images.length + document.scripts.length"))
                .isEqualTo("0");
        assertThat(tab.evaluate("document.body.innerText")).contains("Code: NoSuchKey", "Key: " + key);
    }

    @Test
    void redirectsAreFollowed() throws Exception {
        page("new/page.html", "New page", "");
        site.put("short", "", "x-amz-website-redirect-location", "/new/page.html");
        site.configure(INDEX + """
                <RoutingRules><RoutingRule><Condition><KeyPrefixEquals>old/</KeyPrefixEquals></Condition>
                <Redirect><ReplaceKeyPrefixWith>new/</ReplaceKeyPrefixWith></Redirect></RoutingRule></RoutingRules>""");
        for (String path : List.of("/short", "/old/page.html")) {
            tab.open(home + path);
            assertTitle("New page");
            assertThat(tab.evaluate("location.href")).as(path).isEqualTo(home + "/new/page.html");
        }

        String other = bucket + "-moved";
        publicSite(other)
                .configure("<RedirectAllRequestsTo><HostName>" + bucket
                        + ".site.pataka.test</HostName><Protocol>http</Protocol></RedirectAllRequestsTo>");
        tab.open("http://" + other + ".site.pataka.test/new/page.html");
        assertTitle("New page");
        assertThat(tab.evaluate("location.href")).isEqualTo(home + "/new/page.html");
    }

    /** The header makes Chromium ask before it sends the request. */
    @Test
    void aScriptReadsAnotherWebsiteAndTheBucketItselfIfTheRulesAllowIt() throws Exception {
        page("index.html", "Home", "");
        String other = bucket + "-data";
        WebsiteBucket data = publicSite(other);
        data.put("data.json", "{\"value\": 7}", "content-type", "application/json");
        tab.open(home + "/");
        List<String> urls = List.of(
                "http://" + other + ".site.pataka.test/data.json", "http://s3.pataka.test/" + other + "/data.json");
        for (String url : urls) {
            assertThatThrownBy(() -> tab.evaluate(fetch(url))).as(url).hasMessageContaining("Failed to fetch");
        }

        data.call("PUT", "?cors=", Map.of(), """
                <CORSConfiguration><CORSRule><AllowedOrigin>%s</AllowedOrigin><AllowedMethod>GET</AllowedMethod>
                <AllowedHeader>x-page</AllowedHeader><ExposeHeader>x-amz-error-code</ExposeHeader></CORSRule>
                </CORSConfiguration>""".formatted(home));

        for (String url : urls) {
            assertThat(tab.evaluate(fetch(url))).as(url).isEqualTo("200 7");
        }
        assertThat(tab.evaluate("fetch('" + urls.get(0).replace("data.json", "missing")
                        + "').then(r => r.status + ' ' + r.headers.get('x-amz-error-code'))"))
                .isEqualTo("404 NoSuchKey");
    }

    private static String fetch(String url) {
        return "fetch('" + url + "', {headers: {'x-page': 'yes'}})"
                + ".then(async r => r.status + ' ' + (await r.json()).value)";
    }
}
