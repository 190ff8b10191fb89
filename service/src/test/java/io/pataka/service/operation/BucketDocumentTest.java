package io.pataka.service.operation;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pataka.service.access.AdmittedCall;
import io.pataka.service.model.DocumentKind;
import io.pataka.service.operation.TestPipeline.Call;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import io.pataka.service.protocol.S3Operation;
import io.pataka.service.protocol.xml.XmlElement;
import io.pataka.service.protocol.xml.XmlWriter;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Configurations of buckets: what earlier releases stored is answered, and a new configuration costs a record, a codec and a row. */
final class BucketDocumentTest {

    private static final String NAMESPACE = "xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"";

    private final TestPipeline server = new TestPipeline();

    @BeforeEach
    void makeBucket() {
        server.call("PUT", "/photos").send();
    }

    private void store(DocumentKind kind, String document) {
        server.buckets().putDocument(server.bucket("photos"), kind, document);
    }

    /** Kind, sub-resource, the text that the previous release stored, and a part of the answer. */
    static List<Arguments> stored() {
        return List.of(
                Arguments.of(
                        DocumentKind.CORS,
                        "cors",
                        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<CORSConfiguration " + NAMESPACE + "><CORSRule>"
                                + "<AllowedMethod>GET</AllowedMethod><AllowedOrigin>*</AllowedOrigin></CORSRule>"
                                + "</CORSConfiguration>",
                        "<AllowedMethod>GET</AllowedMethod>"),
                Arguments.of(
                        DocumentKind.TAGGING,
                        "tagging",
                        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Tagging " + NAMESPACE + "><TagSet><Tag>"
                                + "<Key>k</Key><Value>v</Value></Tag></TagSet></Tagging>",
                        "<Key>k</Key><Value>v</Value>"),
                Arguments.of(
                        DocumentKind.LIFECYCLE,
                        "lifecycle",
                        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<LifecycleConfiguration " + NAMESPACE + "><Rule>"
                                + "<ID>r</ID><Filter><And><Prefix>p</Prefix><Tag><Key>k</Key><Value>v</Value></Tag></And></Filter>"
                                + "<Status>Enabled</Status><Transition><Days>0</Days><StorageClass>GONE</StorageClass>"
                                + "</Transition></Rule><TransitionDefaultMinimumObjectSize>varies_by_storage_class"
                                + "</TransitionDefaultMinimumObjectSize></LifecycleConfiguration>",
                        "<Transition><Days>0</Days><StorageClass>GONE</StorageClass></Transition></Rule>"
                                + "</LifecycleConfiguration>"),
                Arguments.of(
                        DocumentKind.WEBSITE,
                        "website",
                        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<WebsiteConfiguration " + NAMESPACE
                                + "><IndexDocument>"
                                + "<Suffix>index.html</Suffix></IndexDocument></WebsiteConfiguration>",
                        "<Suffix>index.html</Suffix>"),
                Arguments.of(DocumentKind.OWNERSHIP, "ownershipControls", "ObjectWriter", ">ObjectWriter<"),
                Arguments.of(DocumentKind.REQUEST_PAYMENT, "requestPayment", "Requester", "<Payer>Requester</Payer>"),
                Arguments.of(
                        DocumentKind.PUBLIC_ACCESS_BLOCK,
                        "publicAccessBlock",
                        "{\"blockPublicAcls\":true,\"ignorePublicAcls\":false,\"blockPublicPolicy\":false,"
                                + "\"restrictPublicBuckets\":false}",
                        "<BlockPublicAcls>true</BlockPublicAcls><IgnorePublicAcls>false</IgnorePublicAcls>"));
    }

    @ParameterizedTest
    @MethodSource("stored")
    void whatThePreviousReleaseStoredIsAnswered(DocumentKind kind, String subresource, String document, String answer) {
        store(kind, document);
        assertThat(server.call("GET", "/photos?" + subresource).send().text()).contains(answer);
    }

    @Test
    void anEmptySetOfTagsThatThePreviousReleaseStoredIsAnsweredLikeNone() {
        store(
                DocumentKind.TAGGING,
                "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Tagging " + NAMESPACE + "><TagSet></TagSet></Tagging>");
        assertThat(server.call("GET", "/photos?tagging").refused().error()).isEqualTo(S3Error.NO_SUCH_TAG_SET);
    }

    @Test
    void aStoredDocumentThatCannotBeReadIsNoFaultOfTheRequest() {
        store(DocumentKind.CORS, "<CORSConfiguration>");
        assertThatThrownBy(() -> server.call("GET", "/photos?cors").send())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("the stored cors document cannot be read");
    }

    @Test
    void aPutToABucketThatIsGoneFindsNoBucket() {
        Call put = server.call("PUT", "/photos?tagging")
                .body("<Tagging><TagSet><Tag><Key>k</Key><Value>v</Value></Tag></TagSet></Tagging>");
        server.buckets().vanish("photos");
        assertThat(put.refused().error()).isEqualTo(S3Error.NO_SUCH_BUCKET);
    }

    /** A configuration that no release has: where a bucket is replicated to. */
    private record Replication(String role) {}

    private static final BucketDocument<Replication> REPLICATION = BucketDocument.of(
                    new DocumentKind("replication", false),
                    DocumentCodec.ofXml(
                            sent -> new Replication(
                                    XmlElement.parse(sent, "Replication").requiredText("Role")),
                            replication -> XmlWriter.document("Replication")
                                    .leaf("Role", replication.role())
                                    .toBytes()),
                    100,
                    BucketDocument.<Replication>error(S3Error.REPLICATION_CONFIGURATION_NOT_FOUND))
            .guardedBy(new BucketDocument.Guard<>() {
                @Override
                public void check(Replication wanted, AdmittedCall call) {
                    if (wanted.role().contains("/")) {
                        throw new S3Exception(S3Error.INVALID_ARGUMENT);
                    }
                }
            });

    @Test
    void aNewConfigurationCostsARecordACodecAndARow() {
        server.handle(S3Operation.PUT_BUCKET_REPLICATION, REPLICATION.put(server.buckets()));

        assertThat(put("<Replication><Role>r</Role></Replication>").send().status())
                .isEqualTo(200);
        assertThat(server.buckets()
                        .document(server.bucket("photos"), REPLICATION.kind())
                        .orElseThrow())
                .contains("<Role>r</Role>");

        assertThat(put("<Replication><Role>a/b</Role></Replication>").refused().error())
                .isEqualTo(S3Error.INVALID_ARGUMENT);
        assertThat(put("").refused().error()).isEqualTo(S3Error.MISSING_REQUEST_BODY);
        assertThat(put("<Replication>" + " ".repeat(100) + "</Replication>")
                        .refused()
                        .error())
                .isEqualTo(S3Error.MAX_MESSAGE_LENGTH_EXCEEDED);
        assertThat(put("<Site/>").refused().error()).isEqualTo(S3Error.MALFORMED_XML);
    }

    private Call put(String document) {
        return server.call("PUT", "/photos?replication").body(document.getBytes(UTF_8));
    }
}
