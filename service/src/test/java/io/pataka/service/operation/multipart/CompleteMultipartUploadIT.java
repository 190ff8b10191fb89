package io.pataka.service.operation.multipart;

import static io.pataka.service.operation.multipart.UploadClient.MIN_PART;
import static io.pataka.service.operation.multipart.UploadClient.assertCode;
import static io.pataka.service.operation.multipart.UploadClient.bytes;
import static io.pataka.service.operation.multipart.UploadClient.element;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.pataka.service.testing.NewBucket;
import io.pataka.service.testing.S3Connection;
import io.pataka.service.testing.S3Connection.Body;
import io.pataka.service.testing.S3Connection.Reply;
import io.pataka.service.testing.S3Server;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Lists of parts that CompleteMultipartUpload refuses, and its conditions. */
class CompleteMultipartUploadIT {

    @RegisterExtension
    static final S3Server SERVER = S3Server.shared();

    private final S3Connection wire;
    private final String bucket;
    private final UploadClient uploads;

    CompleteMultipartUploadIT(S3Connection wire, @NewBucket String bucket) {
        this.wire = wire;
        this.bucket = bucket;
        this.uploads = new UploadClient(wire, bucket);
    }

    @Test
    void looksAnUploadUpBeforeItReadsTheDocument() throws IOException {
        Body noDocument = Body.of("no XML".getBytes(UTF_8));
        assertCode(
                "NoSuchUpload",
                wire.call("POST", "/" + bucket + "/k?uploadId=" + "0".repeat(32), Map.of(), noDocument));
    }

    @Test
    void aCompleteWithMoreThanTenThousandPartsIsMalformed() throws IOException {
        String upload = uploads.begin("k", Map.of());
        StringBuilder list = new StringBuilder();
        for (int i = 1; i <= 10_001; i++) {
            list.append(element(i, "e"));
        }

        assertCode("MalformedXML", uploads.complete(upload, list.toString(), Map.of()));
    }

    @Test
    void aDocumentWithoutPartsCompletesNothing() throws IOException {
        String upload = uploads.begin("k", Map.of());
        uploads.part(upload, 1, bytes(10, 1));

        Reply empty = uploads.complete(upload, "", Map.of());
        assertCode("InvalidRequest", empty);
        assertThat(empty.text()).contains("<Message>You must specify at least one part</Message>");
        assertCode("MalformedXML", wire.call("POST", "/" + bucket + "/k?uploadId=" + upload));
        uploads.assertStillThere(upload);
    }

    @Test
    void anETagOfAnotherPartCompletesNothing() throws IOException {
        String upload = uploads.begin("k", Map.of());
        uploads.part(upload, 1, bytes(MIN_PART, 1));
        String second = uploads.part(upload, 2, bytes(10, 2));

        assertCode("InvalidPart", uploads.complete(upload, element(1, second) + element(2, second), Map.of()));
        assertCode("InvalidPart", uploads.complete(upload, element(3, second), Map.of()));
        assertCode("InvalidPart", uploads.complete(upload, element(2, "not-a-tag"), Map.of()));
        uploads.assertStillThere(upload);
    }

    @Test
    void anETagOfAReplacedPartCompletesNothing() throws IOException {
        String upload = uploads.begin("k", Map.of());
        String old = uploads.part(upload, 1, bytes(10, 1));
        String replaced = uploads.part(upload, 1, bytes(10, 2));

        assertCode("InvalidPart", uploads.complete(upload, element(1, old), Map.of()));
        assertThat(uploads.complete(upload, element(1, replaced), Map.of()).status())
                .isEqualTo(200);
        assertThat(wire.call("GET", "/" + bucket + "/k").body()).isEqualTo(bytes(10, 2));
    }

    @Test
    void partsOutOfOrderCompleteNothing() throws IOException {
        String upload = uploads.begin("k", Map.of());
        String first = uploads.part(upload, 1, bytes(MIN_PART, 1));
        String second = uploads.part(upload, 2, bytes(MIN_PART, 2));

        Reply refused = uploads.complete(upload, element(2, second) + element(1, first), Map.of());
        assertCode("InvalidPartOrder", refused);
        assertThat(refused.text()).contains("<UploadId>" + upload + "</UploadId>");
        uploads.assertStillThere(upload);
    }

    @Test
    void aSmallPartIsTheLast() throws IOException {
        String upload = uploads.begin("k", Map.of());
        String first = uploads.part(upload, 1, bytes(MIN_PART - 1, 1));
        String second = uploads.part(upload, 2, bytes(10, 2));

        Reply refused = uploads.complete(upload, element(1, first) + element(2, second), Map.of());

        assertCode("EntityTooSmall", refused);
        assertThat(refused.text()).contains("<MinSizeAllowed>" + MIN_PART + "</MinSizeAllowed>");
        uploads.assertStillThere(upload);
        assertThat(uploads.complete(upload, element(2, second), Map.of()).status())
                .isEqualTo(200);
        assertThat(wire.call("GET", "/" + bucket + "/k").body()).isEqualTo(bytes(10, 2));
    }

    @ParameterizedTest
    @CsvSource({"1010, 200", "1011, 400", "0, 400", "x, 400"})
    void theDeclaredSizeMustBeThatOfTheParts(String declared, int status) throws IOException {
        String upload = uploads.begin("k", Map.of());
        String etag = uploads.part(upload, 1, bytes(1010, 1));

        Reply answer = uploads.complete(upload, element(1, etag), Map.of("x-amz-mp-object-size", declared));

        assertThat(answer.status()).as(answer.text()).isEqualTo(status);
        assertThat(wire.call("GET", "/" + bucket + "/k").status()).isEqualTo(status == 200 ? 200 : 404);
    }

    @Test
    void conditionsAreJudgedWhenTheUploadCompletes() throws IOException {
        String upload = uploads.begin("k", Map.of());
        String list = element(1, uploads.part(upload, 1, bytes(10, 1)));
        wire.call("PUT", "/" + bucket + "/k", Map.of(), Body.of(bytes(3, 3)));

        assertCode("PreconditionFailed", uploads.complete(upload, list, Map.of("If-None-Match", "*")));
        assertCode("PreconditionFailed", uploads.complete(upload, list, Map.of("If-Match", "\"other\"")));
        uploads.assertStillThere(upload);
        assertThat(uploads.complete(upload, list, Map.of()).status()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Suspended", "Enabled", ""})
    void aConditionDoesNotHoldOfAVersionThatCameAfterTheUploadBegan(String versioning) throws IOException {
        uploads.setVersioning(versioning);
        uploads.put("k", "one");
        String upload = uploads.begin("k", Map.of());
        String list = element(1, uploads.part(upload, 1, bytes(10, 1)));
        String etag = uploads.put("k", "one");

        Reply conflict = uploads.complete(upload, list, Map.of("If-Match", etag));

        assertThat(conflict.status()).isEqualTo(409);
        assertThat(conflict.text())
                .contains("<Code>ConditionalRequestConflict</Code>", "<Condition>If-Match</Condition>", "<Key>k</Key>");
        assertCode("PreconditionFailed", uploads.complete(upload, list, Map.of("If-Match", "\"other\"")));
        assertCode("ConditionalRequestConflict", uploads.complete(upload, list, Map.of("If-Match", "*")));
        assertCode("ConditionalRequestConflict", uploads.complete(upload, list, Map.of("If-None-Match", "\"other\"")));
        uploads.assertStillThere(upload);
        String again = uploads.begin("k", Map.of());
        assertThat(uploads.complete(again, element(1, uploads.part(again, 1, bytes(10, 1))), Map.of("If-Match", etag))
                        .status())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Suspended", "Enabled", ""})
    void aConditionDoesNotHoldOfADeletionThatCameAfterTheUploadBegan(String versioning) throws IOException {
        uploads.setVersioning(versioning);
        String etag = uploads.put("k", "one");
        String upload = uploads.begin("k", Map.of());
        String list = element(1, uploads.part(upload, 1, bytes(10, 1)));
        assertCode("PreconditionFailed", uploads.complete(upload, list, Map.of("If-None-Match", "*")));
        wire.call("DELETE", "/" + bucket + "/k");

        Reply conflict = uploads.complete(upload, list, Map.of("If-None-Match", "*"));

        assertThat(conflict.status()).isEqualTo(409);
        assertThat(conflict.text())
                .contains("<Code>ConditionalRequestConflict</Code>", "<Condition>If-None-Match</Condition>");
        assertCode("NoSuchKey", uploads.complete(upload, list, Map.of("If-Match", etag)));
        assertThat(wire.call("GET", "/" + bucket + "/k").status()).isEqualTo(404);
        String again = uploads.begin("k", Map.of());
        assertThat(uploads.complete(
                                again, element(1, uploads.part(again, 1, bytes(10, 1))), Map.of("If-None-Match", "*"))
                        .status())
                .isEqualTo(200);
    }

    @Test
    void aChangeOfTagsIsNoConflict() throws IOException {
        String etag = uploads.put("k", "one");
        String upload = uploads.begin("k", Map.of());
        String list = element(1, uploads.part(upload, 1, bytes(10, 1)));
        uploads.put("other", "two");
        String tags = "<Tagging><TagSet><Tag><Key>a</Key><Value>b</Value></Tag></TagSet></Tagging>";
        assertThat(wire.call("PUT", "/" + bucket + "/k?tagging=", Map.of(), Body.of(tags.getBytes(UTF_8)))
                        .status())
                .isEqualTo(200);

        assertThat(uploads.complete(upload, list, Map.of("If-Match", etag)).status())
                .isEqualTo(200);
    }
}
