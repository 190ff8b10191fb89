package io.pataka.service.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.pataka.service.model.ObjectKey;
import io.pataka.service.protocol.xml.XmlElement;
import io.pataka.service.protocol.xml.XmlWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KeyFilterTest {

    private static KeyFilter read(String rules) {
        return KeyFilter.read(XmlElement.parse(("<S3Key>" + rules + "</S3Key>").getBytes(UTF_8)));
    }

    private static String rule(String name, String value) {
        return "<FilterRule><Name>" + name + "</Name><Value>" + value + "</Value></FilterRule>";
    }

    @ParameterizedTest
    @CsvSource({
        "prefix, a/, a/b, true",
        "prefix, a/, b/a/, false",
        "prefix, a/b, a/, false",
        "prefix, ü, über, true",
        "Prefix, a%40b, a@b, false",
        "Suffix, .jpg, a.jpg, true",
        "suffix, .jpg, .jpg, true",
        "suffix, .jpg, jpg, false",
        "suffix, .jpg, a.jpg2, false",
        "suffix, é, café, true",
        "regex, a.c, abc, true",
        "regex, a.c, xabc, false",
        "REGEX, a.c, abcd, false",
        "regex, '[0-9]+/.*', 12/x, true",
        "regex, ü., üß, true"
    })
    void aKeyFulfilsARule(String name, String value, String key, boolean matches) {
        assertThat(read(rule(name, value)).matches(ObjectKey.of(key))).isEqualTo(matches);
    }

    @Test
    void aKeyMustFulfilAllRules() {
        KeyFilter filter = read(rule("prefix", "a") + rule("suffix", "z") + rule("regex", ".*m.*"));
        assertThat(filter.matches(ObjectKey.of("a-m-z"))).isTrue();
        assertThat(filter.matches(ObjectKey.of("a-z"))).isFalse();
        assertThat(filter.matches(ObjectKey.of("a-m"))).isFalse();
        assertThat(filter.matches(ObjectKey.of("m-z"))).isFalse();
    }

    @Test
    void bytesThatAreNoTextHaveAPrefixAndASuffix() {
        ObjectKey key = ObjectKey.of(new byte[] {'a', (byte) 0xFF, 'b'});
        assertThat(read(rule("prefix", "a") + rule("suffix", "b")).matches(key)).isTrue();
        assertThat(read(rule("regex", "a.b")).matches(key)).isTrue();
        assertThat(read(rule("prefix", "b")).matches(key)).isFalse();
    }

    /** With a matcher that goes back, each more "a" would double the time. */
    @Test
    void timeDoesNotGrowExponentiallyWithTheKey() {
        KeyFilter filter = read(rule("regex", "(a+)+(a*)*b"));
        assertThat(filter.matches(ObjectKey.of("a".repeat(1024)))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "<FilterRule><Name>prefix</Name><Value/></FilterRule>",
                "<FilterRule><Name>prefix</Name><Value>a&amp;</Value></FilterRule>"
                        + "<FilterRule><Name>suffix</Name><Value>b</Value></FilterRule>"
                        + "<FilterRule><Name>regex</Name><Value>a.*b</Value></FilterRule>"
            })
    void aFilterIsWrittenAsItWasRead(String rules) {
        KeyFilter filter = read(rules);
        XmlWriter xml = XmlWriter.plainDocument("Filter");
        filter.write(xml);
        String inner = rules.isEmpty() ? "" : "<S3Key>" + rules + "</S3Key>";
        assertThat(new String(xml.toBytes(), UTF_8)).endsWith("<Filter>" + inner + "</Filter>");
        assertThat(read(rules)).isEqualTo(filter);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "<FilterRule><Name>infix</Name><Value>a</Value></FilterRule>"
                        + "|InvalidArgument|filter rule name must be either prefix or suffix",
                "<FilterRule><Name>prefix</Name><Value>a</Value></FilterRule>"
                        + "<FilterRule><Name>Prefix</Name><Value>b</Value></FilterRule>"
                        + "|InvalidArgument|Cannot specify more than one prefix rule in a filter.",
                "<FilterRule><Name>regex</Name><Value>(</Value></FilterRule>"
                        + "|InvalidArgument|The filter rule value is not a regular expression",
                "<FilterRule><Name>regex</Name><Value>(?=a)b</Value></FilterRule>"
                        + "|InvalidArgument|The filter rule value is not a regular expression",
                "<FilterRule><Name>regex</Name><Value>((a{100}){10}b){20}</Value></FilterRule>"
                        + "|InvalidArgument|The regular expression is too large",
                "<FilterRule><Name>regex</Name><Value>.{600}</Value></FilterRule>"
                        + "|InvalidArgument|The regular expression is too large",
                "<FilterRule><Name>prefix</Name></FilterRule>|MalformedXML|The XML",
                "<FilterRule><Value>a</Value></FilterRule>|MalformedXML|The XML",
                "<Rule/>|MalformedXML|The XML"
            })
    void aFilterThatCannotBeMeantIsRefused(String rules, String code, String message) {
        S3Exception refusal = catchThrowableOfType(S3Exception.class, () -> read(rules));
        assertThat(refusal.error().code()).isEqualTo(code);
        assertThat(refusal).hasMessageStartingWith(message);
    }

    /** The compiler would need more memory than there is for any of them. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "(((((a{100}){100}){100}){100}){100})",
                "((((a{100,}){100,}){100,}){100,}){100,}",
                "((((a{0,100}){0,100}){0,100}){0,100}){0,100}",
                "((((a{100})(?i){100})\\Q\\E{100})(?i)\\Q\\E{100}){100}",
                "(((((.{100}|[)]){100}|[(]){100}){100}[(]){100}[(]){100}"
            })
    void repetitionsOfRepetitionsAreRefusedBeforeTheyAreCompiled(String expression) {
        S3Exception refusal = catchThrowableOfType(S3Exception.class, () -> read(rule("regex", expression)));
        assertThat(refusal.error()).isEqualTo(S3Error.INVALID_ARGUMENT);
        assertThat(refusal).hasMessage("The regular expression is too large");
    }

    @ParameterizedTest
    @CsvSource({
        "'([0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}/)?.*', 6ba7b810-9dad-11d1-80b4-00c04fd430c8/x",
        "'logs/\\d{4}/\\d{2}/\\d{2}/(\\d{1,3}\\.){3}\\d{1,3}\\.(gz|zst)', logs/2026/11/29/10.0.0.1.gz",
        "'(a{10}){3}', aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
    })
    void repetitionsThatStaySmallAreTaken(String expression, String key) {
        assertThat(read(rule("regex", expression)).matches(ObjectKey.of(key))).isTrue();
    }

    @Test
    void aValueHasAtMost1024Bytes() {
        assertThat(read(rule("prefix", "ü".repeat(512))).prefix()).contains("ü".repeat(512));
        S3Exception refusal =
                catchThrowableOfType(S3Exception.class, () -> read(rule("prefix", "ü".repeat(512) + "x")));
        assertThat(refusal.error()).isEqualTo(S3Error.INVALID_ARGUMENT);
        assertThat(refusal).hasMessage("Size of filter rule value cannot exceed 1024 bytes in UTF-8 representation");
    }
}
