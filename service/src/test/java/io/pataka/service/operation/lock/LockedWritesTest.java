package io.pataka.service.operation.lock;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.pataka.service.model.Bucket;
import io.pataka.service.model.DefaultRetention;
import io.pataka.service.model.ObjectKey;
import io.pataka.service.model.ObjectLock;
import io.pataka.service.model.ObjectVersion;
import io.pataka.service.model.Retention;
import io.pataka.service.model.RetentionMode;
import io.pataka.service.operation.StoreTestBed;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import io.pataka.service.protocol.S3Operation;
import io.pataka.service.protocol.S3Response;
import io.pataka.service.protocol.xml.XmlElement;
import io.pataka.service.testing.Changes;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The locks of versions that copies, uploads and forms make. */
final class LockedWritesTest {

    private static final byte[] NONE = {};
    private static final AtomicInteger NAMES = new AtomicInteger();
    private static final Instant FAR = Instant.parse("2140-01-01T00:00:00.001Z");
    private static final Map<String, String> HEADERS = Map.of(
            "x-amz-object-lock-mode",
            "COMPLIANCE",
            "x-amz-object-lock-retain-until-date",
            "2140-01-01T00:00:00.0001Z",
            "x-amz-object-lock-legal-hold",
            "ON");
    private static final ObjectLock LOCK =
            new ObjectLock(Optional.of(new Retention(RetentionMode.COMPLIANCE, FAR)), true);

    @TempDir
    private static Path folder;

    private static StoreTestBed bed;

    private final Bucket bucket = bed.lockingBucket("writes-" + NAMES.incrementAndGet());
    private final String root = "/" + bucket.name() + "/";

    @BeforeAll
    static void open() throws IOException {
        bed = new StoreTestBed(folder, UnaryOperator.identity(), UnaryOperator.identity(), UnaryOperator.identity());
    }

    @AfterAll
    static void close() {
        bed.close();
    }

    private static Map<String, String> with(String name, String value) {
        Map<String, String> headers = new HashMap<>(HEADERS);
        headers.put(name, value);
        return headers;
    }

    private ObjectVersion version(String key) {
        return bed.index.current(bucket, ObjectKey.of(key)).orElseThrow();
    }

    private ObjectLock lock(String key) {
        return version(key).facts().lock();
    }

    private void setDefault() {
        DefaultRetention day = new DefaultRetention(RetentionMode.GOVERNANCE, 1, DefaultRetention.Unit.DAYS);
        bed.buckets.setObjectLock(bucket, Optional.of(day), Changes.any());
    }

    /** The database counts the day from when it publishes the version, the time of which a node has chosen. */
    private void assertDefault(String key) {
        Retention retention = lock(key).retention().orElseThrow();
        Instant day = version(key).lastModified().plus(Duration.ofDays(1));
        assertThat(retention.mode()).isEqualTo(RetentionMode.GOVERNANCE);
        assertThat(retention.until()).isBetween(day.minusSeconds(60), day.plusSeconds(60));
        assertThat(lock(key).hold()).isEmpty();
    }

    @Test
    void aCopyHasTheLockThatTheRequestAsksForAndNotThatOfItsSource() throws IOException {
        bed.send("PUT", root + "source", with("Content-MD5", "XUFAKrxLKna5cZ2REBfFkg=="), "hello".getBytes(UTF_8));
        String source = bucket.name() + "/source";
        assertThat(lock("source")).isEqualTo(LOCK);

        bed.send("PUT", root + "free", Map.of("x-amz-copy-source", source), NONE);
        assertThat(lock("free")).isEqualTo(ObjectLock.NONE);

        bed.send("PUT", root + "locked", with("x-amz-copy-source", bucket.name() + "/free"), NONE);
        assertThat(lock("locked")).isEqualTo(LOCK);
        assertThat(new String(bed.read(root + "locked"), UTF_8)).isEqualTo("hello");

        setDefault();
        bed.send("PUT", root + "standard", Map.of("x-amz-copy-source", source), NONE);
        assertDefault("standard");
    }

    @Test
    void aLockAloneIsNoReasonToCopyAnObjectOntoItself() {
        bed.send("PUT", root + "k", Map.of(), "hello".getBytes(UTF_8));

        S3Exception refused = catchThrowableOfType(
                S3Exception.class,
                () -> bed.send("PUT", root + "k", with("x-amz-copy-source", bucket.name() + "/k"), NONE));

        assertThat(refused.error()).isEqualTo(S3Error.INVALID_REQUEST);
        assertThat(lock("k")).isEqualTo(ObjectLock.NONE);
    }

    @Test
    void aFormLocksItsObject() {
        bed.send(S3Operation.POST_OBJECT, root + "k", "", HEADERS, "hello".getBytes(UTF_8));

        assertThat(lock("k")).isEqualTo(LOCK);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void anUploadHasTheLockOfItsBeginningOrTheDefaultOfItsEnd(boolean locked) throws IOException {
        S3Response begun = bed.send("POST", root + "k?uploads", locked ? HEADERS : Map.of(), NONE);
        String upload = XmlElement.parse(StoreTestBed.bytes(begun), "InitiateMultipartUploadResult")
                .requiredText("UploadId");
        String part = root + "k?partNumber=1&uploadId=" + upload;
        String etag = bed.send("PUT", part, Map.of(), "hello".getBytes(UTF_8))
                .headers()
                .get("ETag");
        setDefault();

        String document = "<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>" + etag
                + "</ETag></Part></CompleteMultipartUpload>";
        bed.send("POST", root + "k?uploadId=" + upload, Map.of(), document.getBytes(UTF_8));

        if (locked) {
            assertThat(lock("k")).isEqualTo(LOCK);
        } else {
            assertDefault("k");
        }
    }

    @Test
    void aPartIsAbortedThoughTheUploadHasALock() throws IOException {
        S3Response begun = bed.send("POST", root + "k?uploads", HEADERS, NONE);
        String upload = XmlElement.parse(StoreTestBed.bytes(begun), "InitiateMultipartUploadResult")
                .requiredText("UploadId");

        assertThat(bed.send("DELETE", root + "k?uploadId=" + upload, Map.of(), NONE)
                        .status())
                .as("an upload is no version")
                .isEqualTo(204);
    }
}
