package io.pataka.service.operation.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.pataka.service.model.Caller;
import io.pataka.service.operation.TestPipeline;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import io.pataka.service.protocol.xml.XmlElement;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ListBucketsTest {

    private final TestPipeline pipeline = new TestPipeline();

    @BeforeEach
    void makeBuckets() {
        for (String name : List.of("logs-b", "logs-a", "data")) {
            pipeline.call("PUT", "/" + name).send();
        }
        pipeline.call("PUT", "/bobs").by(TestPipeline.BOB).send();
    }

    @Test
    void listsTheCallersBucketsByNameWithOwnerAndCreationDate() {
        XmlElement list = pipeline.call("GET", "/").send().xml("ListAllMyBucketsResult");

        assertThat(names(list)).containsExactly("data", "logs-a", "logs-b");
        assertThat(list.required("Owner").requiredText("ID")).isEqualTo("alice");
        assertThat(list.required("Owner").first("DisplayName")).isEmpty();
        XmlElement first = list.required("Buckets").children().get(0);
        assertThat(first.requiredText("CreationDate")).isEqualTo("2024-02-03T04:05:06.000Z");
        assertThat(list.first("ContinuationToken")).isEmpty();
    }

    @Test
    void pagesUntilThereIsNoTokenLeft() {
        XmlElement first = pipeline.call("GET", "/?max-buckets=2").send().xml("ListAllMyBucketsResult");
        String token = first.requiredText("ContinuationToken");
        XmlElement second = pipeline.call("GET", "/?max-buckets=2&continuation-token=" + token)
                .send()
                .xml("ListAllMyBucketsResult");

        assertThat(names(first)).containsExactly("data", "logs-a");
        assertThat(names(second)).containsExactly("logs-b");
        assertThat(second.first("ContinuationToken")).isEmpty();
    }

    @Test
    void keepsToAPrefixAndToARegion() {
        XmlElement logs = pipeline.call("GET", "/?prefix=logs-").send().xml("ListAllMyBucketsResult");

        assertThat(names(logs)).containsExactly("logs-a", "logs-b");
        assertThat(logs.requiredText("Prefix")).isEqualTo("logs-");
        assertThat(names(
                        pipeline.call("GET", "/?bucket-region=RegionOne").send().xml("ListAllMyBucketsResult")))
                .hasSize(3);
        assertThat(names(pipeline.call("GET", "/?bucket-region=eu-central-1")
                        .send()
                        .xml("ListAllMyBucketsResult")))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"elsewhere", "", "RegionOne ", " eu-central-1"})
    void refusesARegionThatThereIsNot(String region) {
        S3Exception refused = pipeline.call(
                        "GET", "/?bucket-region=" + region.replace(" ", "%20") + "&continuation-token=none")
                .refused();

        assertThat(refused.error()).isEqualTo(S3Error.INVALID_ARGUMENT);
        assertThat(refused.getMessage()).isEqualTo("Argument value " + region + " is not a valid AWS Region");
        assertThat(refused.details())
                .containsEntry("ArgumentName", "bucket-region")
                .doesNotContainKey("ArgumentValue");
    }

    @Test
    void takesARegionInAnyCase() {
        assertThat(names(
                        pipeline.call("GET", "/?bucket-region=regionone").send().xml("ListAllMyBucketsResult")))
                .hasSize(3);
        assertThat(names(pipeline.call("GET", "/?bucket-region=EU-Central-1")
                        .send()
                        .xml("ListAllMyBucketsResult")))
                .isEmpty();
    }

    @Test
    void refusesPageSizesThatAreNone() {
        for (String size : List.of("0", "10001", "-1", "many")) {
            assertThat(pipeline.call("GET", "/?max-buckets=" + size).refused().error())
                    .as(size)
                    .isEqualTo(S3Error.INVALID_ARGUMENT);
        }
    }

    @Test
    void refusesATokenThatIsNoneOfOurs() {
        assertThat(pipeline.call("GET", "/?continuation-token=bm9uc2Vuc2U").refused())
                .hasMessage("The continuation token provided is incorrect");
    }

    @Test
    void refusesAnAnonymousCaller() {
        assertThat(pipeline.call("GET", "/").by(Caller.ANONYMOUS).refused().error())
                .isEqualTo(S3Error.ACCESS_DENIED);
    }

    private static List<String> names(XmlElement list) {
        return list.required("Buckets").all("Bucket").stream()
                .map(bucket -> bucket.requiredText("Name"))
                .toList();
    }

    @Test
    void usageHasQuotasAndTotals() {
        pipeline.call("PUT", "/usage-a").send();
        pipeline.call("PUT", "/usage-b").send();
        pipeline.call("PUT", "/usage-a/k").body("four").send();
        pipeline.call("PUT", "/usage-b/k").body("fifth").send();

        XmlElement summary = pipeline.call("GET", "/?usage").send().xml("Usage").required("Summary");

        assertThat(summary.requiredText("QuotaMaxBuckets")).isEqualTo("0");
        assertThat(summary.requiredText("QuotaMaxBytes")).isEqualTo("-1");
        assertThat(summary.requiredText("TotalBytes")).isEqualTo("9");
        assertThat(summary.requiredText("TotalEntries")).isEqualTo("2");
    }
}
