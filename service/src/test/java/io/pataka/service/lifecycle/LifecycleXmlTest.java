package io.pataka.service.lifecycle;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pataka.service.protocol.S3Exception;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LifecycleXmlTest {

    private static final String ONE_DAY = "<Expiration><Days>1</Days></Expiration>";
    private static final String ALL = "<Filter/>";
    private static final String ENABLED = "<Status>Enabled</Status>";

    private static LifecycleConfiguration read(String rules) {
        return LifecycleXml.read(
                ("<LifecycleConfiguration xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">" + rules
                                + "</LifecycleConfiguration>")
                        .getBytes(UTF_8),
                Optional.empty());
    }

    private static LifecycleRule readRule(String content) {
        return read("<Rule>" + content + "</Rule>").rules().get(0);
    }

    /** The code and the message of the error. */
    private static String refusal(String rules) {
        try {
            read(rules);
            return "none";
        } catch (S3Exception refused) {
            assertThat(refused.error().status()).isEqualTo(400);
            return refused.error().code() + ": " + refused.getMessage();
        }
    }

    private static String refusalOfRule(String content) {
        return refusal("<Rule>" + content + "</Rule>");
    }

    private static String written(LifecycleConfiguration configuration) {
        String document = new String(LifecycleXml.write(configuration), UTF_8);
        return document.replaceAll("(?s).*?<LifecycleConfiguration[^>]*>(.*)</LifecycleConfiguration>", "$1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<Rule><ID>legacy</ID><Prefix>logs/</Prefix><Status>Enabled</Status><Expiration><Days>30</Days></Expiration></Rule>",
                "<Rule><ID>legacy for all</ID><Prefix/><Status>Disabled</Status><Expiration><Days>30</Days></Expiration></Rule>",
                "<Rule><ID>all</ID><Filter/><Status>Enabled</Status><Expiration><Days>1</Days></Expiration></Rule>",
                "<Rule><ID>empty prefix</ID><Filter><Prefix/></Filter><Status>Enabled</Status>"
                        + "<Expiration><ExpiredObjectDeleteMarker>true</ExpiredObjectDeleteMarker></Expiration></Rule>",
                "<Rule><ID>marker</ID><Filter><Prefix>a&amp;b</Prefix></Filter><Status>Enabled</Status>"
                        + "<Expiration><ExpiredObjectDeleteMarker>false</ExpiredObjectDeleteMarker></Expiration></Rule>",
                "<Rule><ID>tag</ID><Filter><Tag><Key>k</Key><Value/></Tag></Filter><Status>Enabled</Status>"
                        + "<Expiration><Date>2026-12-01T00:00:00.000Z</Date></Expiration></Rule>",
                "<Rule><ID>size</ID><Filter><ObjectSizeGreaterThan>0</ObjectSizeGreaterThan></Filter><Status>Enabled</Status>"
                        + "<Transition><Days>0</Days><StorageClass>GLACIER</StorageClass></Transition></Rule>",
                "<Rule><ID>and</ID><Filter><And><Prefix>p</Prefix><Tag><Key>a</Key><Value>1</Value></Tag>"
                        + "<Tag><Key>b</Key><Value>2</Value></Tag><ObjectSizeGreaterThan>5</ObjectSizeGreaterThan>"
                        + "<ObjectSizeLessThan>7</ObjectSizeLessThan></And></Filter><Status>Enabled</Status>"
                        + "<Transition><Days>30</Days><StorageClass>STANDARD_IA</StorageClass></Transition>"
                        + "<Transition><Days>60</Days><StorageClass>GLACIER</StorageClass></Transition></Rule>",
                "<Rule><ID>and of one tag</ID><Filter><And><Tag><Key>a</Key><Value>1</Value></Tag></And></Filter>"
                        + "<Status>Enabled</Status><Expiration><Days>1</Days></Expiration></Rule>",
                "<Rule><ID>noncurrent</ID><Filter/><Status>Enabled</Status>"
                        + "<NoncurrentVersionExpiration><NoncurrentDays>9</NoncurrentDays>"
                        + "<NewerNoncurrentVersions>100</NewerNoncurrentVersions></NoncurrentVersionExpiration>"
                        + "<NoncurrentVersionTransition><NoncurrentDays>0</NoncurrentDays>"
                        + "<NewerNoncurrentVersions>1</NewerNoncurrentVersions><StorageClass>GLACIER</StorageClass>"
                        + "</NoncurrentVersionTransition></Rule>",
                "<Rule><ID>abort</ID><Filter/><Status>Enabled</Status><AbortIncompleteMultipartUpload>"
                        + "<DaysAfterInitiation>7</DaysAfterInitiation></AbortIncompleteMultipartUpload></Rule>"
            })
    void returnsADocumentInTheFormInWhichItCame(String rules) {
        LifecycleConfiguration read = read(rules);
        assertThat(written(read)).isEqualTo(rules);
        assertThat(LifecycleXml.load(LifecycleXml.store(read))).isEqualTo(read);
    }

    @Test
    void keepsTheMinimumSizeInTheStoredFormAlone() {
        LifecycleConfiguration read = new LifecycleConfiguration(
                read("<Rule>" + ALL + ENABLED + ONE_DAY + "</Rule>").rules(),
                Optional.of(LifecycleConfiguration.VARIES_BY_CLASS));
        assertThat(LifecycleXml.load(LifecycleXml.store(read))).isEqualTo(read);
        assertThat(written(read)).doesNotContain(LifecycleConfiguration.VARIES_BY_CLASS);
    }

    @Test
    void givesARuleWithoutAnIdOneThatStays() {
        LifecycleConfiguration read =
                read("<Rule>" + ALL + ENABLED + ONE_DAY + "</Rule><Rule><ID/>" + ALL + ENABLED + ONE_DAY + "</Rule>");
        assertThat(read.rules())
                .extracting(LifecycleRule::id)
                .doesNotHaveDuplicates()
                .allMatch(id -> !id.isEmpty());
        assertThat(LifecycleXml.load(LifecycleXml.store(read))).isEqualTo(read);
    }

    @Test
    void takesConditionsSideBySideAsCephGatewayDoes() {
        LifecycleFilter filter = readRule(
                        "<Filter><Prefix>days1/</Prefix><Tag><Key>tom</Key><Value>sawyer</Value></Tag>"
                                + "<And><Prefix>days1</Prefix><Tag><Key>huck</Key><Value>finn</Value></Tag></And></Filter>"
                                + ENABLED + ONE_DAY)
                .filter();
        assertThat(filter.prefix()).contains("days1/");
        assertThat(filter.tags()).isEqualTo(Map.of("tom", "sawyer", "huck", "finn"));
        assertThat(filter.and()).isTrue();
        LifecycleFilter sized = readRule(
                        "<Filter><Prefix/><ObjectSizeLessThan>2000</ObjectSizeLessThan></Filter>" + ENABLED + ONE_DAY)
                .filter();
        assertThat(sized.sizeLessThan()).isEqualTo(OptionalLong.of(2000));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2026-12-01T00:00:00Z",
                "2026-12-01T00:00:00.000Z",
                "2026-12-01T00:00:00",
                "2026-12-01T02:00:00+02:00",
                "2026-12-01",
                " 2026-12-01T00:00:00Z "
            })
    void readsMidnights(String date) {
        assertThat(readRule(ALL + ENABLED + "<Expiration><Date>" + date + "</Date></Expiration>")
                        .expiration())
                .contains(Expiration.at(new Due.Date(Instant.parse("2026-12-01T00:00:00Z"))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"2026-12-01T05:00:00Z", "2026-12-01T00:00:00.001Z", "2026-12-01T00:00:00+02:00"})
    void refusesOtherTimesOfADay(String date) {
        for (String action : new String[] {
            "<Expiration><Date>" + date + "</Date></Expiration>",
            "<Transition><Date>" + date + "</Date><StorageClass>GLACIER</StorageClass></Transition>"
        }) {
            assertThat(refusalOfRule(ALL + ENABLED + action))
                    .isEqualTo("InvalidArgument: 'Date' must be at midnight GMT");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                // The form of the rule
                "<Rule/>",
                "<Other/>",
                "<Rule><Filter/><Status>enabled</Status><Expiration><Days>1</Days></Expiration></Rule>",
                "<Rule><Filter/><Status> Enabled</Status><Expiration><Days>1</Days></Expiration></Rule>",
                "<Rule><Filter/><Expiration><Days>1</Days></Expiration></Rule>",
                "<Rule><Status>Enabled</Status><Expiration><Days>1</Days></Expiration></Rule>",
                "<Rule><Filter/><Prefix/><Status>Enabled</Status><Expiration><Days>1</Days></Expiration></Rule>",
                "<Rule><Filter/><Status>Enabled</Status><Status>Enabled</Status><Expiration><Days>1</Days></Expiration></Rule>",
                "<Rule><Filter/><Filter/><Status>Enabled</Status><Expiration><Days>1</Days></Expiration></Rule>",
                "<Rule><Filter/><Status>Enabled</Status><Expiration><Days>1</Days></Expiration>"
                        + "<Expiration><Days>2</Days></Expiration></Rule>",
                "<Rule><Filter/><Status>Enabled</Status><Expires/></Rule>",
                "<Rule>text<Filter/><Status>Enabled</Status><Expiration><Days>1</Days></Expiration></Rule>"
            })
    void refusesDocumentsOfAnotherForm(String rules) {
        assertThat(refusal(rules)).startsWith("MalformedXML: ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<Expiration/>",
                "<Expiration><Days>1</Days><Date>2026-12-01</Date></Expiration>",
                "<Expiration><Days>1</Days><ExpiredObjectDeleteMarker>true</ExpiredObjectDeleteMarker></Expiration>",
                "<Expiration><Date>2026-12-01</Date><ExpiredObjectDeleteMarker>true</ExpiredObjectDeleteMarker></Expiration>",
                "<Expiration><Days>1</Days><Days>2</Days></Expiration>",
                "<Expiration><Days>one</Days></Expiration>",
                "<Expiration><Days/></Expiration>",
                "<Expiration><Days>1<Hours>5</Hours></Days></Expiration>",
                "<Expiration><Days>1.5</Days></Expiration>",
                "<Expiration><Days>2147483648</Days></Expiration>",
                "<Expiration><Date>20200101</Date></Expiration>",
                "<Expiration><Date>2026-02-30</Date></Expiration>",
                "<Expiration><Date>+12026-01-01T00:00:00Z</Date></Expiration>",
                "<Expiration><Date/></Expiration>",
                "<Expiration><ExpiredObjectDeleteMarker>yes</ExpiredObjectDeleteMarker></Expiration>",
                "<Expiration><StorageClass>GLACIER</StorageClass></Expiration>",
                "<Transition/>",
                "<Transition><Days>1</Days></Transition>",
                "<Transition><StorageClass>GLACIER</StorageClass></Transition>",
                "<Transition><Days>1</Days><Date>2026-12-01</Date><StorageClass>GLACIER</StorageClass></Transition>",
                "<Transition><Days>1</Days><Days>1</Days><StorageClass>GLACIER</StorageClass></Transition>",
                "<Transition><StorageClass>GLACIER</StorageClass><StorageClass>GLACIER</StorageClass></Transition>",
                "<NoncurrentVersionExpiration/>",
                "<NoncurrentVersionExpiration><NewerNoncurrentVersions>1</NewerNoncurrentVersions></NoncurrentVersionExpiration>",
                "<NoncurrentVersionExpiration><Days>1</Days></NoncurrentVersionExpiration>",
                "<NoncurrentVersionTransition><NoncurrentDays>1</NoncurrentDays></NoncurrentVersionTransition>",
                "<NoncurrentVersionTransition><StorageClass>GLACIER</StorageClass></NoncurrentVersionTransition>",
                "<AbortIncompleteMultipartUpload/>",
                "<AbortIncompleteMultipartUpload><Days>1</Days></AbortIncompleteMultipartUpload>"
            })
    void refusesActionsOfAnotherForm(String action) {
        assertThat(refusalOfRule(ALL + ENABLED + action)).startsWith("MalformedXML: ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<And/>",
                "<And><Prefix>a</Prefix></And>",
                "<And><And/></And>",
                "<Prefix>a<Suffix>b</Suffix></Prefix>",
                "<Prefix>a</Prefix><Prefix>a</Prefix>",
                "<Tag/>",
                "<Tag><Key>a</Key></Tag>",
                "<Tag><Value>a</Value></Tag>",
                "<Tag><Key>a</Key><Key>a</Key><Value>a</Value></Tag>",
                "<Tag><Key>a</Key><Value>a</Value></Tag><Tag><Key>b</Key><Value>b</Value></Tag>",
                "<ObjectSizeGreaterThan>many</ObjectSizeGreaterThan>",
                "<ObjectSizeLessThan/>",
                "<ObjectSizeLessThan>9223372036854775808</ObjectSizeLessThan>",
                "<Suffix>a</Suffix>",
                // Prefixes that exclude each other
                "<Prefix>a</Prefix><And><Prefix>b</Prefix><Tag><Key>a</Key><Value>a</Value></Tag></And>"
            })
    void refusesFiltersOfAnotherForm(String conditions) {
        assertThat(refusalOfRule("<Filter>" + conditions + "</Filter>" + ENABLED + ONE_DAY))
                .startsWith("MalformedXML: ");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "<Expiration><Days>0</Days></Expiration>"
                        + "| InvalidArgument: 'Days' for Expiration action must be a positive integer",
                "<Expiration><Days>-1</Days></Expiration>"
                        + "| InvalidArgument: 'Days' for Expiration action must be a positive integer",
                "<Transition><Days>-1</Days><StorageClass>GLACIER</StorageClass></Transition>"
                        + "| InvalidArgument: 'Days' for Transition action must be nonnegative",
                "<NoncurrentVersionExpiration><NoncurrentDays>0</NoncurrentDays></NoncurrentVersionExpiration>"
                        + "| InvalidArgument: 'NoncurrentDays' for NoncurrentVersionExpiration action must be a positive integer",
                "<NoncurrentVersionTransition><NoncurrentDays>-1</NoncurrentDays><StorageClass>GLACIER</StorageClass>"
                        + "</NoncurrentVersionTransition>"
                        + "| InvalidArgument: 'NoncurrentDays' for NoncurrentVersionTransition action must be nonnegative",
                "<AbortIncompleteMultipartUpload><DaysAfterInitiation>0</DaysAfterInitiation></AbortIncompleteMultipartUpload>"
                        + "| InvalidArgument: 'DaysAfterInitiation' for AbortIncompleteMultipartUpload action must be a positive"
                        + " integer",
                "<NoncurrentVersionExpiration><NoncurrentDays>1</NoncurrentDays>"
                        + "<NewerNoncurrentVersions>0</NewerNoncurrentVersions></NoncurrentVersionExpiration>"
                        + "| InvalidArgument: 'NewerNoncurrentVersions' for NoncurrentVersionExpiration action must be between 1"
                        + " and 100",
                "<NoncurrentVersionTransition><NoncurrentDays>1</NoncurrentDays><StorageClass>GLACIER</StorageClass>"
                        + "<NewerNoncurrentVersions>101</NewerNoncurrentVersions></NoncurrentVersionTransition>"
                        + "| InvalidArgument: 'NewerNoncurrentVersions' for NoncurrentVersionTransition action must be between 1"
                        + " and 100",
                "<Expiration><Days>9</Days></Expiration>"
                        + "<Transition><Date>2026-12-01</Date><StorageClass>GLACIER</StorageClass></Transition>"
                        + "| InvalidRequest: Found mixed 'Date' and 'Days' based Expiration and Transition actions in lifecycle"
                        + " rule for filter '(prefix=p/)'",
                "<Transition><Days>1</Days><StorageClass>STANDARD_IA</StorageClass></Transition>"
                        + "<Transition><Date>2026-12-01</Date><StorageClass>GLACIER</StorageClass></Transition>"
                        + "| InvalidRequest: Found mixed 'Date' and 'Days' based Expiration and Transition actions in lifecycle"
                        + " rule for filter '(prefix=p/)'",
                "<Transition><Days>1</Days><StorageClass>GLACIER</StorageClass></Transition>"
                        + "<Transition><Days>2</Days><StorageClass>GLACIER</StorageClass></Transition>"
                        + "| InvalidArgument: 'StorageClass' must be different for 'Transition' actions in same 'Rule' with filter"
                        + " '(prefix=p/)'",
                "<Expiration><Days>9</Days></Expiration>"
                        + "<Transition><Days>9</Days><StorageClass>GLACIER</StorageClass></Transition>"
                        + "| InvalidArgument: 'Days' in the Expiration action for filter '(prefix=p/)' must be greater than 'Days'"
                        + " in the Transition action",
                "<Expiration><Date>2026-12-01</Date></Expiration>"
                        + "<Transition><Date>2026-12-02</Date><StorageClass>GLACIER</StorageClass></Transition>"
                        + "| InvalidArgument: 'Date' in the Expiration action for filter '(prefix=p/)' must be greater than 'Date'"
                        + " in the Transition action",
                "<NoncurrentVersionExpiration><NoncurrentDays>1</NoncurrentDays></NoncurrentVersionExpiration>"
                        + "<NoncurrentVersionTransition><NoncurrentDays>1</NoncurrentDays><StorageClass>GLACIER</StorageClass>"
                        + "</NoncurrentVersionTransition>"
                        + "| InvalidArgument: 'NoncurrentDays' in the NoncurrentVersionExpiration action for filter"
                        + " '(prefix=p/)' must be greater than 'NoncurrentDays' in the NoncurrentVersionTransition action",
                "''| InvalidRequest: At least one action needs to be specified in a rule"
            })
    void refusesActionsThatCannotBeMeant(String actions, String refusal) {
        assertThat(refusalOfRule("<Filter><Prefix>p/</Prefix></Filter>" + ENABLED + actions))
                .isEqualTo(refusal);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "<Tag><Key>a</Key><Value>b</Value></Tag>"
                        + "| <Expiration><ExpiredObjectDeleteMarker>true</ExpiredObjectDeleteMarker></Expiration>"
                        + "| InvalidRequest: ExpiredObjectDeleteMarker cannot be specified with Tags.",
                "<ObjectSizeLessThan>5</ObjectSizeLessThan>"
                        + "| <Expiration><ExpiredObjectDeleteMarker>true</ExpiredObjectDeleteMarker></Expiration>"
                        + "| InvalidRequest: ExpiredObjectDeleteMarker cannot be specified with Object Size.",
                "<Tag><Key>a</Key><Value>b</Value></Tag>"
                        + "| <AbortIncompleteMultipartUpload><DaysAfterInitiation>1</DaysAfterInitiation>"
                        + "</AbortIncompleteMultipartUpload>"
                        + "| InvalidRequest: AbortIncompleteMultipartUpload cannot be specified with Tags.",
                "<ObjectSizeGreaterThan>5</ObjectSizeGreaterThan>"
                        + "| <AbortIncompleteMultipartUpload><DaysAfterInitiation>1</DaysAfterInitiation>"
                        + "</AbortIncompleteMultipartUpload>"
                        + "| InvalidRequest: AbortIncompleteMultipartUpload cannot be specified with Object Size.",
                "<And><ObjectSizeGreaterThan>5</ObjectSizeGreaterThan><ObjectSizeLessThan>5</ObjectSizeLessThan></And>"
                        + "| <Expiration><Days>1</Days></Expiration>"
                        + "| InvalidRequest: 'ObjectSizeLessThan' has to be a value greater than 'ObjectSizeGreaterThan'.",
                "<ObjectSizeGreaterThan>-1</ObjectSizeGreaterThan>| <Expiration><Days>1</Days></Expiration>"
                        + "| InvalidArgument: 'ObjectSizeGreaterThan' must be nonnegative",
                "<ObjectSizeLessThan>0</ObjectSizeLessThan>| <Expiration><Days>1</Days></Expiration>"
                        + "| InvalidArgument: 'ObjectSizeLessThan' must be a positive integer",
                "<And><Tag><Key>a</Key><Value>b</Value></Tag><Tag><Key>a</Key><Value>c</Value></Tag></And>"
                        + "| <Expiration><Days>1</Days></Expiration>"
                        + "| InvalidRequest: Duplicate Tag Keys are not allowed.",
                "<Tag><Key>aws:a</Key><Value>b</Value></Tag>| <Expiration><Days>1</Days></Expiration>"
                        + "| InvalidTag: System tags cannot be added/updated by requester"
            })
    void refusesFiltersThatCannotBeMeant(String conditions, String action, String refusal) {
        assertThat(refusalOfRule("<Filter>" + conditions + "</Filter>" + ENABLED + action))
                .isEqualTo(refusal);
    }

    @Test
    void refusesLongAndEqualIds() {
        assertThat(read("<Rule><ID>" + "a".repeat(255) + "</ID>" + ALL + ENABLED + ONE_DAY + "</Rule>")
                        .rules())
                .hasSize(1);
        assertThat(refusalOfRule("<ID>" + "a".repeat(256) + "</ID>" + ALL + ENABLED + ONE_DAY))
                .isEqualTo("InvalidArgument: ID length should not exceed allowed limit of 255");
        String rule = "<Rule><ID>same</ID>" + ALL + ENABLED + ONE_DAY + "</Rule>";
        assertThat(refusal(rule + rule))
                .isEqualTo("InvalidArgument: Rule ID must be unique. Found same ID for more than one rule");
    }

    @Test
    void refusesPrefixesThatNoKeyHas() {
        String longest = "\u00e9".repeat(512);
        for (String[] place : new String[][] {
            {"<Prefix>", "</Prefix>"},
            {"<Filter><Prefix>", "</Prefix></Filter>"},
            {"<Filter><And><Tag><Key>a</Key><Value>b</Value></Tag><Prefix>", "</Prefix></And></Filter>"}
        }) {
            assertThat(readRule(place[0] + longest + place[1] + ENABLED + ONE_DAY)
                            .filter()
                            .prefix())
                    .contains(longest);
            assertThat(refusalOfRule(place[0] + longest + "a" + place[1] + ENABLED + ONE_DAY))
                    .isEqualTo("InvalidRequest: The maximum size of a prefix is 1024.");
        }
    }

    @Test
    void readsAThousandRulesAndNoMore() {
        String rule = "<Rule><Filter><And><Prefix>p</Prefix><Tag><Key>a</Key><Value>b</Value></Tag></And></Filter>"
                + ENABLED + ONE_DAY + "</Rule>";
        String thousand = IntStream.range(0, 1000).mapToObj(i -> rule).collect(Collectors.joining());
        assertThat(read(thousand).rules()).hasSize(1000);
        assertThat(refusal(thousand + rule))
                .isEqualTo("InvalidRequest: A lifecycle configuration cannot have more than 1000 rules");
    }

    @Test
    void doesNotLoadAnotherDocument() {
        assertThatThrownBy(() -> LifecycleXml.load("<CORSConfiguration/>")).isInstanceOf(S3Exception.class);
    }

    @Test
    void readsWhatItWroteOfAnyRules() {
        for (int seed = 0; seed < 2_000; seed++) {
            LifecycleConfiguration configuration = new RandomRules(seed).configuration();
            assertThat(LifecycleXml.load(LifecycleXml.store(configuration))).isEqualTo(configuration);
        }
    }

    /** The stored form has an id for each rule, and what a header said. */
    @Test
    void aDocumentOfTheMostElementsIsReadBack() {
        String tags = IntStream.range(0, 14)
                .mapToObj(i -> "<Tag><Key>" + i + "</Key><Value/></Tag>")
                .collect(Collectors.joining());
        String rule = "<Rule><Filter><And><Prefix/>" + tags + "</And></Filter>" + ENABLED + ONE_DAY + "</Rule>";
        LifecycleConfiguration configuration = LifecycleXml.read(
                ("<LifecycleConfiguration>" + rule.repeat(1_000) + "<!-- --></LifecycleConfiguration>").getBytes(UTF_8),
                Optional.of(LifecycleConfiguration.ALL_CLASSES_128K));
        assertThat(LifecycleXml.load(LifecycleXml.store(configuration))).isEqualTo(configuration);
    }
}
