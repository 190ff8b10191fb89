package io.pataka.service.operation.versioning;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.pataka.service.testing.NewBucket;
import io.pataka.service.testing.S3Connection;
import io.pataka.service.testing.S3Connection.Body;
import io.pataka.service.testing.S3Connection.Reply;
import io.pataka.service.testing.S3Server;
import io.pataka.service.testing.Versions;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class VersioningIT {

    @RegisterExtension
    static final S3Server SERVER = S3Server.shared();

    private final S3Connection wire;
    private final String bucket;

    VersioningIT(S3Connection wire, @NewBucket String bucket) {
        this.wire = wire;
        this.bucket = bucket;
    }

    @Test
    void theStateIsWhatWasSetLast() throws IOException {
        assertThat(state()).doesNotContain("Status");
        for (String status : new String[] {"Enabled", "Suspended", "Enabled"}) {
            assertThat(Versions.set(wire, bucket, status).status()).isEqualTo(200);
            assertThat(state()).contains("<Status>" + status + "</Status>");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "<VersioningConfiguration/>, IllegalVersioningConfigurationException, 400",
        "<VersioningConfiguration><Status/></VersioningConfiguration>, IllegalVersioningConfigurationException, 400",
        "<VersioningConfiguration><Status>Off</Status></VersioningConfiguration>, MalformedXML, 400",
        "<VersioningConfiguration><Status>enabled</Status></VersioningConfiguration>, MalformedXML, 400",
        "<Versioning><Status>Enabled</Status></Versioning>, MalformedXML, 400",
        "not xml, MalformedXML, 400",
        "<VersioningConfiguration>text<Status>Enabled</Status></VersioningConfiguration>, MalformedXML, 400",
        "<VersioningConfiguration><Status>Enabled</Status><Status>Suspended</Status></VersioningConfiguration>, MalformedXML,"
                + " 400",
        "<VersioningConfiguration><Status>Enabled</Status><Other/></VersioningConfiguration>, MalformedXML, 400",
        "<VersioningConfiguration><Status>Enabled</Status><MfaDelete>Enabled</MfaDelete></VersioningConfiguration>,"
                + " NotImplemented, 501",
        "<VersioningConfiguration><Status>Enabled</Status><MfaDelete>enabled</MfaDelete></VersioningConfiguration>,"
                + " MalformedXML, 400",
        "<VersioningConfiguration><Status>Enabled</Status><MfaDelete/></VersioningConfiguration>, MalformedXML, 400"
    })
    void anInvalidStateChangesNothing(String document, String code, int status) throws IOException {
        Reply refused = wire.call("PUT", "/" + bucket + "?versioning=", Map.of(), Body.of(document.getBytes(UTF_8)));

        assertThat(refused.text()).contains("<Code>" + code + "</Code>");
        assertThat(refused.status()).isEqualTo(status);
        assertThat(state()).doesNotContain("Status");
    }

    /** MFA delete of a bucket without it may be disabled, and the second factor of a caller has no effect there. */
    @Test
    void aBucketWithoutMfaDeleteIgnoresTheSecondFactor() throws IOException {
        Map<String, String> secondFactor = Map.of("x-amz-mfa", "arn:aws:iam::123456789012:mfa/user 123456");
        String document = "<VersioningConfiguration><MfaDelete>Disabled</MfaDelete><Status>Enabled</Status>"
                + "</VersioningConfiguration>";

        assertThat(wire.call("PUT", "/" + bucket + "?versioning=", secondFactor, Body.of(document.getBytes(UTF_8)))
                        .status())
                .isEqualTo(200);
        assertThat(state()).contains("<Status>Enabled</Status>").doesNotContain("MfaDelete");
        String version = id(put("k", "1"));
        assertThat(wire.call("DELETE", "/" + bucket + "/k?versionId=" + version, secondFactor, Body.NONE)
                        .status())
                .isEqualTo(204);
        assertThat(get("k").status()).isEqualTo(404);
    }

    @Test
    void everyPutIsAVersionOfItsOwn() throws IOException {
        Versions.set(wire, bucket, "Enabled");
        String first = id(put("k", "1"));
        String second = id(put("k", "2"));

        assertThat(first).isNotEqualTo(second);
        assertThat(get("k").text()).isEqualTo("2");
        assertThat(id(get("k"))).isEqualTo(second);
        assertThat(get("k?versionId=" + first).text()).isEqualTo("1");
        assertThat(wire.call("DELETE", "/" + bucket + "/k?versionId=" + second).status())
                .isEqualTo(204);
        assertThat(get("k").text()).isEqualTo("1");
    }

    @Test
    void aDeleteMarkerHidesAndItsRemovalBringsBack() throws IOException {
        Versions.set(wire, bucket, "Enabled");
        put("k", "1");

        Reply deleted = wire.call("DELETE", "/" + bucket + "/k");

        assertThat(deleted.header("x-amz-delete-marker")).contains("true");
        String marker = id(deleted);
        assertThat(get("k").status()).isEqualTo(404);
        assertThat(get("k").header("x-amz-delete-marker")).contains("true");
        Reply named = get("k?versionId=" + marker);
        assertThat(named.status()).isEqualTo(405);
        assertThat(named.header("Allow")).contains("DELETE");
        assertThat(named.header("x-amz-delete-marker")).contains("true");
        Reply removed = wire.call("DELETE", "/" + bucket + "/k?versionId=" + marker);
        assertThat(removed.header("x-amz-delete-marker")).contains("true");
        assertThat(id(removed)).isEqualTo(marker);
        assertThat(get("k").text()).isEqualTo("1");
    }

    @Test
    void anObjectFromBeforeVersioningIsTheNullVersion() throws IOException {
        put("k", "before");
        Versions.set(wire, bucket, "Enabled");
        put("k", "after");

        assertThat(get("k?versionId=null").text()).isEqualTo("before");
        assertThat(id(get("k?versionId=null"))).isEqualTo("null");
        wire.call("DELETE", "/" + bucket + "/k?versionId=null");
        assertThat(get("k?versionId=null").text()).contains("<Code>NoSuchVersion</Code>");
        assertThat(get("k").text()).isEqualTo("after");
    }

    @Test
    void aSuspendedBucketHasOneNullVersionBesideTheOthers() throws IOException {
        Versions.set(wire, bucket, "Enabled");
        String kept = id(put("k", "kept"));
        Versions.set(wire, bucket, "Suspended");

        put("k", "null 1");
        Reply second = put("k", "null 2");

        assertThat(second.header("x-amz-version-id"))
                .as("as Amazon and ceph/s3-tests have it")
                .isEmpty();
        assertThat(get("k").text()).isEqualTo("null 2");
        assertThat(get("k?versionId=null").text()).isEqualTo("null 2");
        assertThat(get("k?versionId=" + kept).text()).isEqualTo("kept");
        assertThat(count("<Version>")).isEqualTo(2);
    }

    @Test
    void aDeleteInASuspendedBucketReplacesTheNullVersionByAMarker() throws IOException {
        Versions.set(wire, bucket, "Enabled");
        String kept = id(put("k", "kept"));
        Versions.set(wire, bucket, "Suspended");
        put("k", "null");

        Reply deleted = wire.call("DELETE", "/" + bucket + "/k");
        wire.call("DELETE", "/" + bucket + "/k");

        assertThat(deleted.header("x-amz-delete-marker")).contains("true");
        assertThat(deleted.header("x-amz-version-id")).contains("null");
        assertThat(count("<Version>")).isEqualTo(1);
        assertThat(count("<DeleteMarker>")).isEqualTo(1);
        assertThat(get("k").status()).isEqualTo(404);
        wire.call("DELETE", "/" + bucket + "/k?versionId=null");
        assertThat(get("k").text()).isEqualTo("kept");
        assertThat(id(get("k"))).isEqualTo(kept);
    }

    @Test
    void anUploadInASuspendedBucketBecomesTheNullVersion() throws IOException {
        Versions.set(wire, bucket, "Suspended");
        put("k", "before");
        String begun = wire.call("POST", "/" + bucket + "/k?uploads=").text();
        String upload = begun.substring(begun.indexOf("<UploadId>") + 10, begun.indexOf("</UploadId>"));
        String etag = wire.call(
                        "PUT",
                        "/" + bucket + "/k?partNumber=1&uploadId=" + upload,
                        Map.of(),
                        Body.of("parts".getBytes(UTF_8)))
                .header("ETag")
                .orElseThrow();
        Versions.set(wire, bucket, "Suspended");

        Reply done = wire.call(
                "POST",
                "/" + bucket + "/k?uploadId=" + upload,
                Map.of(),
                Body.of(("<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>" + etag
                                + "</ETag></Part></CompleteMultipartUpload>")
                        .getBytes(UTF_8)));

        assertThat(done.status()).isEqualTo(200);
        assertThat(done.header("x-amz-version-id"))
                .as("as ceph/s3-tests have it")
                .isEmpty();
        assertThat(get("k?versionId=null").text()).isEqualTo("parts");
        assertThat(count("<Version>")).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Enabled", "Suspended"})
    void readingANullVersionNamesIt(String status) throws IOException {
        put("k", "x");
        assertThat(get("k").header("x-amz-version-id")).as("never versioned").isEmpty();
        Versions.set(wire, bucket, status);

        for (String target : new String[] {"k", "k?versionId=null"}) {
            assertThat(id(get(target))).as(target).isEqualTo("null");
            assertThat(id(wire.call("HEAD", "/" + bucket + "/" + target)))
                    .as(target)
                    .isEqualTo("null");
        }
    }

    @Test
    void aBucketWithVersionsOnlyIsNotEmpty() throws IOException {
        Versions.set(wire, bucket, "Enabled");
        String version = id(put("k", "1"));
        String marker = id(wire.call("DELETE", "/" + bucket + "/k"));

        assertThat(wire.call("DELETE", "/" + bucket).text()).contains("<Code>BucketNotEmpty</Code>");
        wire.call("DELETE", "/" + bucket + "/k?versionId=" + version);
        assertThat(wire.call("DELETE", "/" + bucket).text()).contains("<Code>BucketNotEmpty</Code>");
        wire.call("DELETE", "/" + bucket + "/k?versionId=" + marker);
        assertThat(wire.call("DELETE", "/" + bucket).status()).isEqualTo(204);
    }

    @ParameterizedTest
    @CsvSource({"'', InvalidArgument, 400", "Nonsense, InvalidArgument, 400", "null, NoSuchVersion, 404"})
    void refusesAnIdOfNoVersion(String id, String code, int status) throws IOException {
        Versions.set(wire, bucket, "Enabled");
        put("k", "1");

        Reply refused = get("k?versionId=" + id);

        assertThat(refused.text()).contains("<Code>" + code + "</Code>");
        assertThat(refused.status()).isEqualTo(status);
    }

    private String state() throws IOException {
        Reply reply = wire.call("GET", "/" + bucket + "?versioning=");
        assertThat(reply.status()).isEqualTo(200);
        return reply.text();
    }

    private Reply put(String key, String content) throws IOException {
        return wire.call("PUT", "/" + bucket + "/" + key, Map.of(), Body.of(content.getBytes(UTF_8)));
    }

    private Reply get(String target) throws IOException {
        return wire.call("GET", "/" + bucket + "/" + target);
    }

    private int count(String element) throws IOException {
        return wire.call("GET", "/" + bucket + "?versions=").text().split(element, -1).length - 1;
    }

    private static String id(Reply reply) {
        return reply.header("x-amz-version-id").orElseThrow();
    }
}
