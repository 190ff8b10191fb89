package io.pataka.service.operation.inventory;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pataka.service.inventory.InventoryConfiguration;
import io.pataka.service.inventory.InventoryXml;
import io.pataka.service.model.Bucket;
import io.pataka.service.model.DocumentKind;
import io.pataka.service.operation.StoreTestBed;
import io.pataka.service.protocol.S3Exception;
import io.pataka.service.protocol.S3Response;
import io.pataka.service.protocol.xml.XmlElement;
import io.pataka.service.testing.Changes;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The operations on inventory configurations, with a real database. */
final class InventoryOperationsTest {

    @TempDir
    private Path folder;

    private StoreTestBed bed;
    private Bucket bucket;

    @BeforeEach
    void open() throws IOException {
        bed = new StoreTestBed(folder, UnaryOperator.identity(), UnaryOperator.identity(), UnaryOperator.identity());
        bucket = bed.bucket("source");
        bed.bucket("reports");
    }

    @AfterEach
    void close() {
        bed.close();
    }

    private static String document(String id, String target) {
        return "<InventoryConfiguration><Destination><S3BucketDestination><Bucket>arn:aws:s3:::" + target
                + "</Bucket><Format>CSV</Format></S3BucketDestination></Destination><IsEnabled>true</IsEnabled><Id>"
                + id
                + "</Id><IncludedObjectVersions>Current</IncludedObjectVersions>"
                + "<Schedule><Frequency>Weekly</Frequency></Schedule></InventoryConfiguration>";
    }

    private S3Response send(String method, String query, String body) {
        return bed.send(method, "/source?inventory" + query, Map.of(), body.getBytes(UTF_8));
    }

    private S3Response put(String id) {
        return send("PUT", "&id=" + id, document(id, "reports"));
    }

    private static void assertRefused(ThrowingCallable request, String code, int status) {
        assertThatThrownBy(request).isInstanceOfSatisfying(S3Exception.class, refused -> {
            assertThat(refused.error().code()).isEqualTo(code);
            assertThat(refused.error().status()).isEqualTo(status);
        });
    }

    private XmlElement list(Optional<String> token) throws IOException {
        String query = token.map(text -> "&continuation-token=" + text).orElse("");
        return XmlElement.parse(StoreTestBed.bytes(send("GET", query, "")), "ListInventoryConfigurationsResult");
    }

    private static List<String> ids(XmlElement page) {
        return page.all("InventoryConfiguration").stream()
                .map(one -> one.requiredText("Id"))
                .toList();
    }

    @Test
    void configurationsAreSetReadListedAndDeleted() throws IOException {
        assertThat(ids(list(Optional.empty()))).isEmpty();
        assertThat(put("b").status()).isEqualTo(204);
        assertThat(put("a").status()).isEqualTo(204);
        assertThat(put("a").status()).isEqualTo(204);

        InventoryConfiguration read = InventoryXml.read(StoreTestBed.bytes(send("GET", "&id=a", "")));
        assertThat(read).isEqualTo(InventoryXml.read(document("a", "reports").getBytes(UTF_8)));
        assertThat(ids(list(Optional.empty()))).containsExactly("a", "b");

        assertThat(send("DELETE", "&id=a", "").status()).isEqualTo(204);
        assertRefused(() -> send("GET", "&id=a", ""), "NoSuchConfiguration", 404);
        assertRefused(() -> send("DELETE", "&id=a", ""), "NoSuchConfiguration", 404);
        assertThat(send("DELETE", "&id=b", "").status()).isEqualTo(204);
        assertThat(bed.buckets.document(bucket, DocumentKind.INVENTORY)).isEmpty();
    }

    @Test
    void whatIsRefusedChangesNothing() throws IOException {
        put("a");
        assertRefused(() -> send("PUT", "&id=b", document("a", "reports")), "InvalidArgument", 400);
        assertRefused(() -> send("PUT", "&id=b", document("b", "missing")), "InvalidS3DestinationBucket", 400);
        assertRefused(() -> send("PUT", "&id=b", "<Colour/>"), "MalformedXML", 400);
        assertRefused(() -> send("PUT", "&id=b", ""), "MissingRequestBodyError", 400);
        assertRefused(
                () -> send("PUT", "&id=b", document("b", "reports").replace("CSV", "ORC")), "NotImplemented", 501);
        assertRefused(() -> send("PUT", "&id=a%20b", document("a b", "reports")), "InvalidArgument", 400);
        assertRefused(() -> list(Optional.of("wrong")), "InvalidArgument", 400);
        assertThat(ids(list(Optional.empty()))).containsExactly("a");
    }

    @Test
    void thereAreAtMostAThousandListedInPages() throws IOException {
        List<String> thousand =
                IntStream.range(0, 1_000).mapToObj("c%04d"::formatted).toList();
        bed.buckets.putDocument(
                bucket,
                DocumentKind.INVENTORY,
                InventoryXml.store(thousand.stream()
                        .map(id -> InventoryXml.read(document(id, "reports").getBytes(UTF_8)))
                        .toList()),
                Changes.any());

        assertRefused(() -> put("another"), "TooManyConfigurations", 400);
        assertThat(put("c0500").status()).isEqualTo(204);

        List<String> listed = new ArrayList<>();
        Optional<String> token = Optional.empty();
        do {
            XmlElement page = list(token);
            assertThat(page.textOf("ContinuationToken")).isEqualTo(token);
            assertThat(ids(page)).hasSize(100);
            listed.addAll(ids(page));
            token = page.textOf("NextContinuationToken");
            assertThat(page.requiredText("IsTruncated")).isEqualTo(Boolean.toString(token.isPresent()));
        } while (token.isPresent());
        assertThat(listed).isEqualTo(thousand);
    }
}
