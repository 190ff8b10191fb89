package io.pataka.service.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.pataka.service.http.WebsiteHosts.Site;
import io.pataka.service.model.BucketName;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class WebsiteHostsTest {

    private final WebsiteHosts hosts = new WebsiteHosts(
            List.of("Site.example.net", "web.example.com"), OptionalInt.of(8082), List.of("s3.example.org"));

    private static Optional<String> bucket(Optional<Site> site) {
        return site.flatMap(Site::bucket).map(BucketName::text);
    }

    @ParameterizedTest
    @CsvSource({
        "photos.site.example.net, photos",
        "photos.web.example.com, photos",
        "PHOTOS.Site.Example.NET, photos",
        "photos.site.example.net:8080, photos",
        "photos.site.example.net., photos",
        "photos.site.example.net.:8080, photos",
        "www.example.org.site.example.net, www.example.org",
        "under_score.site.example.net, under_score"
    })
    void aHostBelowADomainIsAWebsiteOnEveryPort(String host, String bucket) {
        assertThat(bucket(hosts.siteOf(host, false))).contains(bucket);
        assertThat(bucket(hosts.siteOf(host, true))).contains(bucket);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost",
                "127.0.0.1:8080",
                "[::1]:8080",
                "s3.example.org",
                "photos.s3.example.org",
                "photossite.example.net",
                "site.example.net.evil.org",
                "photos.site.example.net@evil.org",
                "evil.org:photos.site.example.net",
                "example.net",
                "www.example.org",
                ""
            })
    @NullSource
    void anyOtherHostIsOfS3OnOtherPorts(String host) {
        assertThat(hosts.siteOf(host, false)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "www.example.org, www.example.org",
        "WWW.Example.Org:8082, www.example.org",
        "www.example.org., www.example.org",
        "example.net, example.net"
    })
    void onThePortForWebsitesAHostIsTheNameOfItsBucket(String host, String bucket) {
        assertThat(bucket(hosts.siteOf(host, true))).contains(bucket);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "s3.example.org",
                "S3.Example.Org:8082",
                "photos.s3.example.org",
                "s3.example.org.",
                "127.0.0.1",
                "127.0.0.1:8082",
                "[::1]:8082",
                "www.example.org/x",
                "www.example.org<script>",
                "site.example.net",
                "user@www.example.org",
                "www.example.org:port",
                ".",
                ""
            })
    @NullSource
    void aHostThatCannotBeAWebsiteIsNeitherOfS3OnThePortForWebsites(String host) {
        assertThat(hosts.siteOf(host, true)).isPresent();
        assertThat(bucket(hosts.siteOf(host, true))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"site.example.net", ".site.example.net", "a<b>.site.example.net", "a/b.site.example.net"})
    void aDomainItselfAndNamesThatAreNoHostsAreNoWebsite(String host) {
        assertThat(hosts.siteOf(host, false)).isPresent();
        assertThat(bucket(hosts.siteOf(host, false))).isEmpty();
    }

    @Test
    void theAuthorityIsThatOfTheRequest() {
        assertThat(hosts.siteOf("Photos.site.example.net:8080", false)
                        .orElseThrow()
                        .authority())
                .isEqualTo("photos.site.example.net:8080");
    }

    @Test
    void withoutSettingsNoRequestIsForAWebsite() {
        assertThat(WebsiteHosts.NONE.siteOf("photos.site.example.net", false)).isEmpty();
    }
}
