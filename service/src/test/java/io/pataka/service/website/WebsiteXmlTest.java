package io.pataka.service.website;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.pataka.service.protocol.S3Exception;
import io.pataka.service.website.WebsiteConfiguration.Pages;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class WebsiteXmlTest {

    private static final String INDEX = "<IndexDocument><Suffix>index.html</Suffix></IndexDocument>";

    private static WebsiteConfiguration read(String elements) {
        return WebsiteXml.read(("<WebsiteConfiguration xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">" + elements
                        + "</WebsiteConfiguration>")
                .getBytes(UTF_8));
    }

    private static String rules(String... rules) {
        return INDEX + "<RoutingRules>" + String.join("", rules) + "</RoutingRules>";
    }

    private static String redirect(String elements) {
        return "<RoutingRule><Redirect>" + elements + "</Redirect></RoutingRule>";
    }

    private static String condition(String elements) {
        return "<RoutingRule><Condition>" + elements + "</Condition><Redirect><HostName>h</HostName></Redirect>"
                + "</RoutingRule>";
    }

    /** Every element, and the empty texts that Amazon allows. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "<RedirectAllRequestsTo><HostName>example.com</HostName></RedirectAllRequestsTo>",
                "<RedirectAllRequestsTo><HostName>example.com:8080</HostName><Protocol>https</Protocol></RedirectAllRequestsTo>",
                INDEX,
                INDEX + "<ErrorDocument><Key>errors/404 ü.html</Key></ErrorDocument>",
                INDEX
                        + "<RoutingRules><RoutingRule><Redirect><ReplaceKeyWith>a</ReplaceKeyWith></Redirect></RoutingRule>"
                        + "<RoutingRule><Condition><KeyPrefixEquals/>"
                        + "<HttpErrorCodeReturnedEquals>503</HttpErrorCodeReturnedEquals></Condition>"
                        + "<Redirect><Protocol>http</Protocol><HostName>h</HostName>"
                        + "<ReplaceKeyPrefixWith/><HttpRedirectCode>308</HttpRedirectCode></Redirect>"
                        + "</RoutingRule></RoutingRules>"
            })
    void aDocumentIsWrittenAsItWasRead(String elements) {
        WebsiteConfiguration website = read(elements);
        byte[] written = WebsiteXml.write(website);
        assertThat(new String(written, UTF_8)).contains(">" + elements + "</WebsiteConfiguration>");
        assertThat(WebsiteXml.read(written)).isEqualTo(website);
    }

    static List<Arguments> broken() {
        List<Arguments> rows = new ArrayList<>();
        row(
                rows,
                "",
                "InvalidArgument",
                "A value for IndexDocument Suffix must be provided if RedirectAllRequestsTo is empty");
        row(rows, "<ErrorDocument><Key>e</Key></ErrorDocument>", "InvalidArgument", "A value for IndexDocument Suffix");
        row(rows, "<Other/>", "MalformedXML", "");
        row(rows, INDEX + INDEX, "MalformedXML", "");
        row(rows, "<IndexDocument/>", "MalformedXML", "");
        String suffix = "The IndexDocument Suffix is not well formed";
        row(rows, "<IndexDocument><Suffix></Suffix></IndexDocument>", "InvalidArgument", suffix);
        row(rows, "<IndexDocument><Suffix>a/b</Suffix></IndexDocument>", "InvalidArgument", suffix);
        row(
                rows,
                "<IndexDocument><Suffix>" + "x".repeat(1025) + "</Suffix></IndexDocument>",
                "InvalidArgument",
                suffix);
        row(rows, INDEX + "<ErrorDocument/>", "MalformedXML", "");
        row(rows, INDEX + "<ErrorDocument><Key></Key></ErrorDocument>", "InvalidArgument", "The ErrorDocument Key");
        String all = "<RedirectAllRequestsTo><HostName>h</HostName></RedirectAllRequestsTo>";
        row(rows, all + INDEX, "InvalidRequest", "RedirectAllRequestsTo cannot be provided in conjunction");
        row(rows, all + "<RoutingRules/>", "InvalidRequest", "RedirectAllRequestsTo cannot be provided in conjunction");
        row(rows, "<RedirectAllRequestsTo/>", "MalformedXML", "");
        for (String host : List.of("", "a b", "a&#13;&#10;X-Evil: 1", "ü.example.com", "&quot;&gt;&lt;script&gt;")) {
            row(rows, all.replace(">h<", ">" + host + "<"), "InvalidRequest", "Valid HostName required");
            row(
                    rows,
                    rules(redirect("<HostName>" + host + "</HostName>")),
                    "InvalidRequest",
                    "Valid HostName required");
        }
        String protocol =
                "Invalid protocol, protocol can be http or https. If not defined the protocol will be selected"
                        + " automatically.";
        for (String scheme : List.of("http2", "HTTPS", "", "javascript")) {
            String element = "<Protocol>" + scheme + "</Protocol>";
            row(rows, all.replace("</HostName>", "</HostName>" + element), "InvalidRequest", protocol);
            row(rows, rules(redirect(element)), "InvalidRequest", protocol);
        }
        for (int code : List.of(200, 300, 306, 309, 314, 399, 400)) {
            row(
                    rows,
                    rules(redirect("<HttpRedirectCode>" + code + "</HttpRedirectCode>")),
                    "InvalidRequest",
                    "The provided HTTP redirect code (" + code + ") is not valid. Valid codes are 3XX except 300.");
        }
        row(rows, rules(redirect("<HttpRedirectCode>moved</HttpRedirectCode>")), "MalformedXML", "");
        for (int code : List.of(200, 301, 399, 600)) {
            row(
                    rows,
                    rules(condition("<HttpErrorCodeReturnedEquals>" + code + "</HttpErrorCodeReturnedEquals>")),
                    "InvalidRequest",
                    "The provided HTTP error code (" + code + ") is not valid. Valid codes are 4XX or 5XX.");
        }
        row(
                rows,
                rules(condition("<HttpErrorCodeReturnedEquals>4XX</HttpErrorCodeReturnedEquals>")),
                "MalformedXML",
                "");
        row(rows, rules(condition("")), "InvalidRequest", "Condition cannot be empty");
        row(rows, rules(condition("<KeyPrefix>a</KeyPrefix>")), "MalformedXML", "");
        row(
                rows,
                rules(redirect("<ReplaceKeyWith>a</ReplaceKeyWith><ReplaceKeyPrefixWith>b</ReplaceKeyPrefixWith>")),
                "InvalidRequest",
                "You can only define ReplaceKeyPrefix or ReplaceKey but not both.");
        row(rows, rules(redirect("")), "MalformedXML", "");
        row(rows, rules("<RoutingRule/>"), "MalformedXML", "");
        row(rows, rules(), "MalformedXML", "");
        row(
                rows,
                rules(redirect("<HostName>h</HostName>").repeat(51)),
                "InvalidRequest",
                "51 routing rules provided, the number of routing rules in a website configuration is limited to 50.");
        return rows;
    }

    private static void row(List<Arguments> rows, String elements, String code, String message) {
        rows.add(Arguments.of(elements, code, message));
    }

    @ParameterizedTest
    @MethodSource("broken")
    void aBrokenDocumentIsRefused(String elements, String code, String message) {
        S3Exception refusal = catchThrowableOfType(() -> read(elements), S3Exception.class);
        assertThat(refusal).isNotNull();
        assertThat(refusal.error().code()).isEqualTo(code);
        assertThat(refusal.error().status()).isEqualTo(400);
        assertThat(refusal.getMessage()).contains(message);
    }

    @Test
    void fiftyRulesAreAccepted() {
        Pages pages = (Pages) read(rules(redirect("<HostName>h</HostName>").repeat(50)));
        assertThat(pages.rules()).hasSize(50);
    }
}
