package io.pataka.service.access.cors;

import static org.assertj.core.api.Assertions.assertThat;

import io.pataka.service.protocol.RequestHeaders;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CorsRulesTest {

    private static CorsRule rule(String origin, String method, String... headers) {
        return new CorsRule(
                Optional.empty(), List.of(method), List.of(origin), List.of(headers), List.of(), Optional.empty());
    }

    private static Optional<CorsGrant> judge(CorsRule rule, String origin, String... headers) {
        return new CorsRules(List.of(rule)).judge(new CorsRequest(origin, "GET", List.of(headers)));
    }

    /** The first four lines are what ceph/s3-tests expects of a star. */
    @ParameterizedTest
    @CsvSource({
        "*suffix, foo.suffix, true",
        "start*end, startend, true",
        "start*end, 0start12end, false",
        "prefix*, bla.prefix, false",
        "https://*.example.org, https://a.b.example.org, true",
        "https://*.example.org, https://example.org, false",
        "https://a.example.org, https://A.example.org, false",
        "https://a.example.org, https://a.example.org/, false",
        "http://aba*aba, http://aba, false",
        "*, null, true",
        "'', https://a.example.org, false"
    })
    void anOriginMayHaveAStarForAnyText(String pattern, String origin, boolean fits) {
        assertThat(judge(rule(pattern, "GET"), origin).isPresent()).isEqualTo(fits);
    }

    @ParameterizedTest
    @CsvSource({
        "x-amz-date, x-amz-date, true",
        "X-AMZ-Date, x-amz-date, true",
        "x-amz-*, x-amz-meta-colour, true",
        "x-amz-*, content-type, false",
        "*, anything, true"
    })
    void everyAnnouncedHeaderMustBeAllowed(String allowed, String announced, boolean fits) {
        assertThat(judge(rule("*", "GET", allowed), "https://a", announced).isPresent())
                .isEqualTo(fits);
        assertThat(judge(rule("*", "GET", allowed), "https://a", announced, "forbidden")
                        .isPresent())
                .isEqualTo(fits && allowed.equals("*"));
    }

    @Test
    void aRuleWithoutHeadersAllowsNone() {
        assertThat(judge(rule("*", "GET"), "https://a")).isPresent();
        assertThat(judge(rule("*", "GET"), "https://a", "content-type")).isEmpty();
    }

    @Test
    void theMethodMustBeNamed() {
        assertThat(judge(rule("*", "PUT"), "https://a")).isEmpty();
    }

    @Test
    void theFirstRuleThatFitsCounts() {
        CorsRules rules =
                new CorsRules(List.of(rule("https://a", "PUT"), rule("https://a", "GET"), rule("*", "GET", "*")));

        assertThat(rules.judge(new CorsRequest("https://a", "GET", List.of())))
                .map(CorsGrant::origin)
                .contains("https://a");
        assertThat(rules.judge(new CorsRequest("https://a", "GET", List.of("range"))))
                .map(CorsGrant::origin)
                .contains("*");
    }

    @Test
    void anOriginOfAPatternMaySendCredentials() {
        assertThat(judge(rule("https://*", "GET", "*"), "https://a", "range", "x-amz-date")
                        .orElseThrow()
                        .toHeaders())
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "Access-Control-Allow-Origin", "https://a",
                        "Access-Control-Allow-Methods", "GET",
                        "Access-Control-Allow-Headers", "range, x-amz-date",
                        "Access-Control-Allow-Credentials", "true",
                        "Vary", "Origin, Access-Control-Request-Headers, Access-Control-Request-Method"));
    }

    @Test
    void anOriginOfTheBareStarMayNotSendCredentials() {
        CorsRule rule = new CorsRule(
                Optional.empty(),
                List.of("GET", "HEAD"),
                List.of("*"),
                List.of(),
                List.of("ETag", "x-amz-meta-a"),
                Optional.of(3000));

        assertThat(judge(rule, "https://a").orElseThrow().toHeaders())
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "Access-Control-Allow-Origin", "*",
                        "Access-Control-Allow-Methods", "GET, HEAD",
                        "Access-Control-Expose-Headers", "ETag, x-amz-meta-a",
                        "Access-Control-Max-Age", "3000",
                        "Vary", "Origin, Access-Control-Request-Headers, Access-Control-Request-Method"));
    }

    @Test
    void announcedHeadersAreSplitAtCommasAndInLowerCase() {
        RequestHeaders headers = RequestHeaders.of(
                Map.of("Origin", "https://a", "Access-Control-Request-Headers", "x-AMZ-date,, Content-Type ,range"));

        assertThat(CorsRequest.of("GET", headers))
                .contains(new CorsRequest("https://a", "GET", List.of("x-amz-date", "content-type", "range")));
    }

    @Test
    void theMethodAskedForCountsBeforeTheOneSent() {
        RequestHeaders headers =
                RequestHeaders.of(Map.of("Origin", "https://a", "Access-Control-Request-Method", "PUT"));

        assertThat(CorsRequest.of("GET", headers)).map(CorsRequest::method).contains("PUT");
    }

    @Test
    void aRequestWithoutAnOriginIsNoCorsRequest() {
        assertThat(CorsRequest.of("GET", RequestHeaders.none())).isEmpty();
    }
}
