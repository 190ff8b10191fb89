package io.pataka.service.inventory;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pataka.service.inventory.InventoryConfiguration.Destination;
import io.pataka.service.inventory.InventoryConfiguration.Frequency;
import io.pataka.service.model.BucketName;
import io.pataka.service.model.EncryptionChoice;
import io.pataka.service.protocol.S3Exception;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Inventory configurations as clients send them. */
final class InventoryXmlTest {

    private static final String DESTINATION = "<Destination><S3BucketDestination><AccountId>p1</AccountId>"
            + "<Bucket>arn:aws:s3:::reports</Bucket><Format>CSV</Format><Prefix>of</Prefix>"
            + "</S3BucketDestination></Destination>";
    private static final String WHOLE = "<InventoryConfiguration>" + DESTINATION
            + "<IsEnabled>true</IsEnabled><Id>report-1</Id><IncludedObjectVersions>All</IncludedObjectVersions>"
            + "<OptionalFields><Field>Size</Field><Field>ETag</Field></OptionalFields>"
            + "<Filter><Prefix>docs/</Prefix></Filter>"
            + "<Schedule><Frequency>Daily</Frequency></Schedule></InventoryConfiguration>";

    private static InventoryConfiguration read(String document) {
        return InventoryXml.read(document.getBytes(UTF_8));
    }

    private static InventoryConfiguration whole() {
        return new InventoryConfiguration(
                "report-1",
                true,
                new Destination(new BucketName("reports"), Optional.of("p1"), Optional.of("of"), Optional.empty()),
                Frequency.DAILY,
                Optional.of("docs/"),
                true,
                List.of(InventoryField.SIZE, InventoryField.ETAG));
    }

    @Test
    void readsEveryElement() {
        assertThat(read(WHOLE)).isEqualTo(whole());
    }

    @Test
    void readsWhatItWrote() {
        for (Optional<EncryptionChoice> encryption : List.of(
                Optional.<EncryptionChoice>empty(),
                Optional.<EncryptionChoice>of(new EncryptionChoice.S3()),
                Optional.<EncryptionChoice>of(new EncryptionChoice.Kms("key", Optional.empty(), false)))) {
            InventoryConfiguration least = new InventoryConfiguration(
                    "x",
                    false,
                    new Destination(new BucketName("b"), Optional.empty(), Optional.empty(), encryption),
                    Frequency.WEEKLY,
                    Optional.empty(),
                    false,
                    List.of());
            assertThat(InventoryXml.read(InventoryXml.write(least))).isEqualTo(least);
            assertThat(InventoryXml.load(InventoryXml.store(List.of(whole(), least))))
                    .containsEntry("x", least)
                    .containsEntry("report-1", whole())
                    .hasSize(2);
        }
    }

    /** The fields of Amazon's model, in the order of the columns. */
    @Test
    void takesEachFieldThatAmazonHas() {
        List<String> amazons = List.of(
                "Size",
                "LastModifiedDate",
                "ETag",
                "StorageClass",
                "IsMultipartUploaded",
                "ReplicationStatus",
                "EncryptionStatus",
                "ObjectLockRetainUntilDate",
                "ObjectLockMode",
                "ObjectLockLegalHoldStatus",
                "IntelligentTieringAccessTier",
                "BucketKeyStatus",
                "ChecksumAlgorithm",
                "ObjectAccessControlList",
                "ObjectOwner",
                "LifecycleExpirationDate");
        List<String> reversed = new ArrayList<>(amazons);
        Collections.reverse(reversed);
        InventoryConfiguration all = read(WHOLE.replace(
                "<Field>Size</Field><Field>ETag</Field>",
                reversed.stream().map(field -> "<Field>" + field + "</Field>").collect(Collectors.joining())));

        assertThat(all.fields()).extracting(InventoryField::text).isEqualTo(reversed);
        List<String> columns =
                new ArrayList<>(Arrays.asList("Bucket", "Key", "VersionId", "IsLatest", "IsDeleteMarker"));
        columns.addAll(amazons);
        assertThat(InventoryField.columns(all)).extracting(InventoryField::text).isEqualTo(columns);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "<Id>report-1</Id> | '' | MalformedXML",
                "<Id>report-1</Id> | <Id>a b</Id> | InvalidArgument",
                "<Id>report-1</Id> | <Id></Id> | InvalidArgument",
                "<Id>report-1</Id> | <Id>a</Id><Id>b</Id> | MalformedXML",
                "<IsEnabled>true</IsEnabled> | <IsEnabled>yes</IsEnabled> | MalformedXML",
                "<IsEnabled>true</IsEnabled> | '' | MalformedXML",
                "All | Some | MalformedXML",
                "Daily | Hourly | MalformedXML",
                "<Frequency>Daily</Frequency> | '' | MalformedXML",
                "<Format>CSV</Format> | <Format>Parquet</Format> | NotImplemented",
                "<Format>CSV</Format> | <Format>ORC</Format> | NotImplemented",
                "<Format>CSV</Format> | <Format>XLS</Format> | MalformedXML",
                "arn:aws:s3:::reports | reports | InvalidS3DestinationBucket",
                "arn:aws:s3:::reports | arn:aws:s3::p1:reports | InvalidS3DestinationBucket",
                "arn:aws:s3:::reports | arn:aws:s3:::reports/x | InvalidS3DestinationBucket",
                "arn:aws:s3:::reports | arn:aws:s3::: | InvalidS3DestinationBucket",
                "<Field>Size</Field> | <Field>Colour</Field> | MalformedXML",
                "<Field>Size</Field> | <Field>Key</Field> | MalformedXML",
                "<Field>Size</Field> | <Field>ETag</Field> | MalformedXML",
                "<Prefix>of</Prefix> | <Encryption><SSE-KMS></SSE-KMS></Encryption> | MalformedXML",
                "<Prefix>of</Prefix> | <Encryption><SSE-S3/><SSE-S3/></Encryption> | MalformedXML",
                "<Filter> | <Colour/><Filter> | MalformedXML",
            })
    void refusesWhatIsWrong(String part, String instead, String code) {
        assertThat(WHOLE).contains(part);
        assertThatThrownBy(() -> read(WHOLE.replace(part, instead)))
                .isInstanceOfSatisfying(
                        S3Exception.class,
                        refused -> assertThat(refused.error().code()).isEqualTo(code));
    }

    @Test
    void refusesPrefixesThatAreTooLong() {
        assertThatThrownBy(() -> read(WHOLE.replace("<Prefix>of<", "<Prefix>" + "x".repeat(513) + "<")))
                .isInstanceOf(S3Exception.class);
        assertThatThrownBy(() -> read(WHOLE.replace("docs/", "x".repeat(1_025))))
                .isInstanceOf(S3Exception.class);
        assertThat(read(WHOLE.replace("<Prefix>of<", "<Prefix>" + "x".repeat(512) + "<"))
                        .destination()
                        .prefix())
                .isPresent();
    }
}
