package io.pataka.service.access.cors;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CorsXmlTest {

    private static final String LEAST = "<AllowedMethod>GET</AllowedMethod><AllowedOrigin>*</AllowedOrigin>";

    private static byte[] document(String rules) {
        return ("<CORSConfiguration xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">" + rules
                        + "</CORSConfiguration>")
                .getBytes(UTF_8);
    }

    private static byte[] rule(String elements) {
        return document("<CORSRule>" + elements + "</CORSRule>");
    }

    private static S3Exception refusal(byte[] document) {
        return catchThrowableOfType(S3Exception.class, () -> CorsXml.read(document));
    }

    @Test
    void everythingComesBackAsItWasSent() {
        CorsRules rules = new CorsRules(List.of(
                new CorsRule(
                        Optional.of("first & foremost"),
                        List.of("GET", "PUT", "POST", "DELETE", "HEAD"),
                        List.of("https://*.example.org", ""),
                        List.of("x-AMZ-*", "Range"),
                        List.of("ETag"),
                        Optional.of(0)),
                new CorsRule(Optional.empty(), List.of("GET"), List.of("*"), List.of(), List.of(), Optional.empty())));

        assertThat(CorsXml.read(CorsXml.write(rules))).isEqualTo(rules);
    }

    @Test
    void elementsAreWrittenInAmazonsOrder() {
        CorsRules rules = CorsXml.read(rule("<MaxAgeSeconds>5</MaxAgeSeconds><ExposeHeader>E</ExposeHeader>"
                + "<AllowedHeader>H</AllowedHeader>" + LEAST + "<ID>i</ID>"));

        assertThat(new String(CorsXml.write(rules), UTF_8))
                .contains("<CORSRule><ID>i</ID><AllowedMethod>GET</AllowedMethod><AllowedOrigin>*</AllowedOrigin>"
                        + "<AllowedHeader>H</AllowedHeader><ExposeHeader>E</ExposeHeader><MaxAgeSeconds>5</MaxAgeSeconds>"
                        + "</CORSRule>");
    }

    @Test
    void aHundredRulesAndNotOneMore() {
        String rule = "<CORSRule>" + LEAST + "</CORSRule>";

        assertThat(CorsXml.read(document(rule.repeat(100))).rules()).hasSize(100);
        assertThat(refusal(document(rule.repeat(101))).error()).isEqualTo(S3Error.MALFORMED_XML);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "<AllowedMethod>GET</AllowedMethod>",
                "<AllowedOrigin>*</AllowedOrigin>",
                LEAST + "<MaxAgeSeconds>-1</MaxAgeSeconds>",
                LEAST + "<MaxAgeSeconds>soon</MaxAgeSeconds>",
                LEAST + "<MaxAgeSeconds>1</MaxAgeSeconds><MaxAgeSeconds>1</MaxAgeSeconds>",
                LEAST + "<ID>a</ID><ID>b</ID>",
                LEAST + "<Colour>red</Colour>"
            })
    void aRuleHasItsElementsAndNoOthers(String elements) {
        assertThat(refusal(rule(elements)).error()).isEqualTo(S3Error.MALFORMED_XML);
    }

    @Test
    void aConfigurationHasRulesAndNothingElse() {
        assertThat(refusal(document("")).error()).isEqualTo(S3Error.MALFORMED_XML);
        assertThat(refusal(document("<Rule>" + LEAST + "</Rule>")).error()).isEqualTo(S3Error.MALFORMED_XML);
        assertThat(refusal("<Cors/>".getBytes(UTF_8)).error()).isEqualTo(S3Error.MALFORMED_XML);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "AllowedMethod | OPTIONS | Found unsupported HTTP method in CORS config. Unsupported method is OPTIONS",
                "AllowedMethod | get     | Found unsupported HTTP method in CORS config. Unsupported method is get",
                "AllowedMethod | ~~      | ~Found unsupported HTTP method in CORS config. Unsupported method is ~",
                "AllowedOrigin | http://*.*.org | AllowedOrigin \"http://*.*.org\" can not have more than one wildcard.",
                "AllowedHeader | **      | AllowedHeader \"**\" can not have more than one wildcard.",
                "ExposeHeader  | x-*     | ExposeHeader \"x-*\" contains wildcard. We currently do not support wildcard for"
                        + " ExposeHeader.",
                "ExposeHeader  | a&#10;b | ~ExposeHeader \"a\nb\" contains invalid character.~"
            })
    void aValueThatIsNotAllowedIsNamed(String element, String value, String message) {
        S3Exception refusal = refusal(rule(LEAST + "<" + element + ">" + value + "</" + element + ">"));

        assertThat(refusal.error()).isEqualTo(S3Error.INVALID_REQUEST);
        assertThat(refusal).hasMessage(message);
    }

    @Test
    void anIdHasAtMost255Characters() {
        assertThat(CorsXml.read(rule(LEAST + "<ID>" + "i".repeat(255) + "</ID>"))
                        .rules())
                .hasSize(1);
        assertThat(refusal(rule(LEAST + "<ID>" + "i".repeat(256) + "</ID>")).error())
                .isEqualTo(S3Error.INVALID_ARGUMENT);
    }
}
