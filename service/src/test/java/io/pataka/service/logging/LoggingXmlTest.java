package io.pataka.service.logging;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pataka.service.logging.LoggingConfiguration.Type;
import io.pataka.service.model.BucketName;
import io.pataka.service.model.ObjectKey;
import io.pataka.service.protocol.KeyFilter;
import io.pataka.service.protocol.S3Exception;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LoggingXmlTest {

    private static final String TARGET = "<TargetBucket>logs</TargetBucket><TargetPrefix>log/</TargetPrefix>";

    private static Optional<LoggingConfiguration> read(String inside) {
        return LoggingXml.read(("<BucketLoggingStatus xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">" + inside
                        + "</BucketLoggingStatus>")
                .getBytes(UTF_8));
    }

    private static LoggingConfiguration enabled(String inside) {
        return read("<LoggingEnabled>" + inside + "</LoggingEnabled>").orElseThrow();
    }

    private static String written(LoggingConfiguration configuration) {
        String document = new String(LoggingXml.write(Optional.of(configuration)), UTF_8);
        return document.substring(document.indexOf("<LoggingEnabled>"), document.indexOf("</BucketLoggingStatus>"));
    }

    @Test
    void anEmptyDocumentTurnsTheLogOff() {
        assertThat(read("")).isEmpty();
        assertThat(new String(LoggingXml.write(Optional.empty()), UTF_8))
                .contains(
                        "<BucketLoggingStatus xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"></BucketLoggingStatus>");
    }

    @Test
    void whatIsLeftOutHasCephsDefaults() {
        LoggingConfiguration configuration = enabled(TARGET);
        assertThat(configuration)
                .isEqualTo(new LoggingConfiguration(
                        new BucketName("logs"),
                        "log/",
                        LogKeyFormat.SIMPLE,
                        Type.STANDARD,
                        Duration.ofSeconds(300),
                        0,
                        KeyFilter.ALL));
        assertThat(written(configuration))
                .isEqualTo("<LoggingEnabled>" + TARGET + "<ObjectRollTime>300</ObjectRollTime>"
                        + "<LoggingType>Standard</LoggingType><RecordsBatchSize>0</RecordsBatchSize>"
                        + "<TargetObjectKeyFormat><SimplePrefix/></TargetObjectKeyFormat></LoggingEnabled>");
        assertThat(enabled("<TargetBucket>logs</TargetBucket>").prefix()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "<SimplePrefix/>, SIMPLE",
        "<PartitionedPrefix/>, PARTITIONED_BY_DELIVERY",
        "<PartitionedPrefix><PartitionDateSource>DeliveryTime</PartitionDateSource></PartitionedPrefix>,"
                + " PARTITIONED_BY_DELIVERY",
        "<PartitionedPrefix><PartitionDateSource>EventTime</PartitionDateSource></PartitionedPrefix>,"
                + " PARTITIONED_BY_EVENT",
    })
    void keysAreSimpleOrPartitioned(String inside, LogKeyFormat expected) {
        LoggingConfiguration configuration =
                enabled(TARGET + "<TargetObjectKeyFormat>" + inside + "</TargetObjectKeyFormat>");
        assertThat(configuration.keyFormat()).isEqualTo(expected);
        assertThat(read(written(configuration))).contains(configuration);
    }

    @Test
    void aJournalHasAFilterOfKeysAndAStandardLogHasNone() {
        String filter = "<Filter><S3Key><FilterRule><Name>prefix</Name><Value>test/</Value></FilterRule>"
                + "<FilterRule><Name>suffix</Name><Value>.txt</Value></FilterRule></S3Key></Filter>";
        LoggingConfiguration journal = enabled(TARGET + "<LoggingType>Journal</LoggingType>" + filter);
        assertThat(journal.isJournal()).isTrue();
        assertThat(journal.filter().matches(ObjectKey.of("test/a.txt"))).isTrue();
        assertThat(journal.filter().matches(ObjectKey.of("test/a"))).isFalse();
        assertThat(written(journal)).contains(filter);
        assertThat(read(written(journal))).contains(journal);
        assertThat(enabled(TARGET + filter).filter()).isEqualTo(KeyFilter.ALL);
    }

    /** As ceph/s3-tests want it (test_put_bucket_logging). */
    @Test
    void grantsAreReadAndHaveNoEffect() {
        assertThat(enabled(TARGET + "<TargetGrants><Grant><Grantee><ID>x</ID></Grantee>"
                        + "<Permission>READ</Permission></Grant></TargetGrants>"))
                .isEqualTo(enabled(TARGET));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<LoggingEnabled/>",
                "<LoggingEnabled><TargetPrefix>log/</TargetPrefix></LoggingEnabled>",
                "<LoggingEnabled><TargetBucket/></LoggingEnabled>",
                "<LoggingEnabled>" + TARGET + TARGET + "</LoggingEnabled>",
                "<LoggingEnabled>" + TARGET + "</LoggingEnabled><LoggingEnabled>" + TARGET + "</LoggingEnabled>",
                "<LoggingEnabled>" + TARGET + "<Unknown/></LoggingEnabled>",
                "<LoggingEnabled>" + TARGET + "<LoggingType>kaboom</LoggingType></LoggingEnabled>",
                "<LoggingEnabled>" + TARGET + "<LoggingType/></LoggingEnabled>",
                "<LoggingEnabled>" + TARGET + "<ObjectRollTime>soon</ObjectRollTime></LoggingEnabled>",
                "<LoggingEnabled>" + TARGET + "<ObjectRollTime>-1</ObjectRollTime></LoggingEnabled>",
                "<LoggingEnabled>" + TARGET + "<RecordsBatchSize>-1</RecordsBatchSize></LoggingEnabled>",
                "<LoggingEnabled>" + TARGET + "<TargetObjectKeyFormat/></LoggingEnabled>",
                "<LoggingEnabled>" + TARGET
                        + "<TargetObjectKeyFormat><SimplePrefix/><PartitionedPrefix/></TargetObjectKeyFormat></LoggingEnabled>",
                "<LoggingEnabled>" + TARGET + "<TargetObjectKeyFormat><PartitionedPrefix><PartitionDateSource>kaboom"
                        + "</PartitionDateSource></PartitionedPrefix></TargetObjectKeyFormat></LoggingEnabled>",
                "<Unknown/>",
                "text"
            })
    void anotherFormIsMalformed(String inside) {
        assertThatThrownBy(() -> read(inside))
                .isInstanceOfSatisfying(
                        S3Exception.class,
                        refused -> assertThat(refused.error().code()).isEqualTo("MalformedXML"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<ObjectRollTime>0</ObjectRollTime>",
                "<ObjectRollTime>86401</ObjectRollTime>",
                "<LoggingType>Journal</LoggingType><Filter><S3Key><FilterRule><Name>kaboom</Name><Value>x</Value>"
                        + "</FilterRule></S3Key></Filter>",
                "<LoggingType>Journal</LoggingType><Filter><S3Key><FilterRule><Name>regex</Name><Value>(</Value>"
                        + "</FilterRule></S3Key></Filter>"
            })
    void aValueThatIsNotAllowedIsAnInvalidArgument(String inside) {
        assertThatThrownBy(() -> enabled(TARGET + inside))
                .isInstanceOfSatisfying(
                        S3Exception.class,
                        refused -> assertThat(refused.error().code()).isEqualTo("InvalidArgument"));
    }

    @Test
    void aStoredDocumentAlsoSaysSinceWhen() {
        LoggingXml.Stored stored = new LoggingXml.Stored(
                enabled(TARGET + "<LoggingType>Journal</LoggingType>"), Instant.ofEpochSecond(1, 5));
        assertThat(LoggingXml.load(LoggingXml.store(stored))).isEqualTo(stored);
        assertThatThrownBy(() -> LoggingXml.load("<BucketLoggingStatus/>")).isInstanceOf(RuntimeException.class);
    }
}
