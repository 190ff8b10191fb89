package io.pataka.service.operation;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.pataka.service.testing.NewBucket;
import io.pataka.service.testing.S3Connection;
import io.pataka.service.testing.S3Connection.Body;
import io.pataka.service.testing.S3Connection.Reply;
import io.pataka.service.testing.S3Server;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ChecksumAlgorithm;
import software.amazon.awssdk.services.s3.model.ChecksumMode;
import software.amazon.awssdk.services.s3.model.ChecksumType;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.GetObjectAttributesResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ListMultipartUploadsResponse;
import software.amazon.awssdk.services.s3.model.MetadataDirective;
import software.amazon.awssdk.services.s3.model.MultipartUpload;
import software.amazon.awssdk.services.s3.model.ObjectAttributes;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.Tag;
import software.amazon.awssdk.services.s3.model.TaggingDirective;
import software.amazon.awssdk.services.s3.model.UploadPartResponse;

/** Uploads, tags, attributes, conditions, appends and renamings, as Amazon's client asks for them. */
class ObjectFeaturesIT {

    private static final int PART = 5 << 20;

    @RegisterExtension
    static final S3Server SERVER = S3Server.shared();

    private final S3Client s3;
    private final String bucket;

    ObjectFeaturesIT(S3Client s3, @NewBucket String bucket) {
        this.s3 = s3;
        this.bucket = bucket;
    }

    private PutObjectResponse put(String key, String body) {
        return s3.putObject(request -> request.bucket(bucket).key(key), RequestBody.fromString(body));
    }

    private String get(String key) {
        return s3.getObjectAsBytes(request -> request.bucket(bucket).key(key)).asUtf8String();
    }

    private static void refused(String code, Runnable call) {
        assertThatExceptionOfType(S3Exception.class)
                .isThrownBy(call::run)
                .satisfies(refusal ->
                        assertThat(refusal.awsErrorDetails().errorCode()).isEqualTo(code));
    }

    private String begin(String key) {
        return s3.createMultipartUpload(request -> request.bucket(bucket).key(key))
                .uploadId();
    }

    @Test
    void uploadsAreListedPageByPageUntilTheyEnd() {
        List<String> begun = List.of(begin("a/1"), begin("a/2"), begin("b"), begin("b"), begin("c"));
        List<String> listed = new ArrayList<>();
        for (ListMultipartUploadsResponse page : s3.listMultipartUploadsPaginator(
                request -> request.bucket(bucket).maxUploads(2))) {
            page.uploads().stream().map(MultipartUpload::uploadId).forEach(listed::add);
        }
        assertThat(listed).containsExactlyInAnyOrderElementsOf(begun);

        ListMultipartUploadsResponse folded =
                s3.listMultipartUploads(request -> request.bucket(bucket).delimiter("/"));
        assertThat(folded.commonPrefixes())
                .extracting(prefix -> prefix.prefix())
                .containsExactly("a/");
        assertThat(folded.uploads()).extracting(MultipartUpload::key).containsExactly("b", "b", "c");

        s3.abortMultipartUpload(request -> request.bucket(bucket).key("c").uploadId(begun.get(4)));
        assertThat(s3.listMultipartUploads(request -> request.bucket(bucket).prefix("c"))
                        .uploads())
                .isEmpty();
    }

    @Test
    void anUploadIsAbortedOnlyIfItBeganThen() {
        String upload = begin("k");
        Instant initiated = s3.listMultipartUploads(request -> request.bucket(bucket))
                .uploads()
                .get(0)
                .initiated();

        refused(
                "PreconditionFailed",
                () -> s3.abortMultipartUpload(request -> request.bucket(bucket)
                        .key("k")
                        .uploadId(upload)
                        .ifMatchInitiatedTime(initiated.minusSeconds(60))));
        s3.abortMultipartUpload(
                request -> request.bucket(bucket).key("k").uploadId(upload).ifMatchInitiatedTime(initiated));
        assertThat(s3.listMultipartUploads(request -> request.bucket(bucket)).uploads())
                .isEmpty();
    }

    @Test
    void tagsComeWithPutsCopiesAndUploads() {
        s3.putObject(
                request -> request.bucket(bucket).key("a").tagging("one=1&two=%C3%BC"), RequestBody.fromString("x"));
        s3.copyObject(request -> request.sourceBucket(bucket)
                .sourceKey("a")
                .destinationBucket(bucket)
                .destinationKey("same"));
        s3.copyObject(request -> request.sourceBucket(bucket)
                .sourceKey("a")
                .destinationBucket(bucket)
                .destinationKey("other")
                .metadataDirective(MetadataDirective.COPY)
                .taggingDirective(TaggingDirective.REPLACE)
                .tagging("three=3"));
        String upload = s3.createMultipartUpload(
                        request -> request.bucket(bucket).key("parts").tagging("four=4"))
                .uploadId();
        CompletedPart part = upload("parts", upload, 1, "x".getBytes(UTF_8));
        // An upload without an algorithm knows no checksums of parts.
        complete("parts", upload, List.of(part.toBuilder().checksumCRC32(null).build()));

        assertThat(tags("a")).containsExactlyInAnyOrder("one=1", "two=ü");
        assertThat(tags("same")).isEqualTo(tags("a"));
        assertThat(tags("other")).containsExactly("three=3");
        assertThat(tags("parts")).containsExactly("four=4");
        assertThat(s3.headObject(request -> request.bucket(bucket).key("a")).tagCount())
                .isEqualTo(2);
        s3.deleteObjectTagging(request -> request.bucket(bucket).key("a"));
        assertThat(tags("a")).isEmpty();
    }

    private Set<String> tags(String key) {
        Set<String> tags = new HashSet<>();
        s3.getObjectTagging(request -> request.bucket(bucket).key(key))
                .tagSet()
                .forEach(tag -> tags.add(tag.key() + "=" + tag.value()));
        return tags;
    }

    @Test
    void aBucketHasTags() {
        refused("NoSuchTagSet", () -> s3.getBucketTagging(request -> request.bucket(bucket)));
        Tag tag = Tag.builder().key("team").value("storage").build();

        s3.putBucketTagging(request -> request.bucket(bucket).tagging(set -> set.tagSet(tag)));
        assertThat(s3.getBucketTagging(request -> request.bucket(bucket)).tagSet())
                .containsExactly(tag);

        s3.deleteBucketTagging(request -> request.bucket(bucket));
        refused("NoSuchTagSet", () -> s3.getBucketTagging(request -> request.bucket(bucket)));
    }

    private CompletedPart upload(String key, String upload, int number, byte[] body) {
        UploadPartResponse part = s3.uploadPart(
                request -> request.bucket(bucket)
                        .key(key)
                        .uploadId(upload)
                        .partNumber(number)
                        .checksumAlgorithm(ChecksumAlgorithm.CRC32),
                RequestBody.fromBytes(body));
        return CompletedPart.builder()
                .partNumber(number)
                .eTag(part.eTag())
                .checksumCRC32(part.checksumCRC32())
                .build();
    }

    private void complete(String key, String upload, List<CompletedPart> parts) {
        s3.completeMultipartUpload(
                request -> request.bucket(bucket).key(key).uploadId(upload).multipartUpload(list -> list.parts(parts)));
    }

    @Test
    void attributesAndPartsOfACompletedUploadAreReturned() {
        String upload = s3.createMultipartUpload(request -> request.bucket(bucket)
                        .key("film")
                        .checksumAlgorithm(ChecksumAlgorithm.CRC32)
                        .checksumType(ChecksumType.COMPOSITE))
                .uploadId();
        List<CompletedPart> parts = new ArrayList<>();
        for (int number = 1; number <= 3; number++) {
            parts.add(upload("film", upload, number, new byte[number < 3 ? PART : 7]));
        }
        complete("film", upload, parts);

        GetObjectAttributesResponse attributes = s3.getObjectAttributes(request -> request.bucket(bucket)
                .key("film")
                .maxParts(1)
                .partNumberMarker(1)
                .objectAttributes(ObjectAttributes.knownValues()));
        assertThat(attributes.objectSize()).isEqualTo(2L * PART + 7);
        assertThat(attributes.eTag()).endsWith("-3");
        assertThat(attributes.storageClassAsString()).isEqualTo("STANDARD");
        assertThat(attributes.checksum().checksumType()).isEqualTo(ChecksumType.COMPOSITE);
        assertThat(attributes.checksum().checksumCRC32()).endsWith("-3");
        assertThat(attributes.objectParts().totalPartsCount()).isEqualTo(3);
        assertThat(attributes.objectParts().isTruncated()).isTrue();
        assertThat(attributes.objectParts().nextPartNumberMarker()).isEqualTo(2);
        assertThat(attributes.objectParts().parts()).singleElement().satisfies(part -> {
            assertThat(part.partNumber()).isEqualTo(2);
            assertThat(part.size()).isEqualTo(PART);
            assertThat(part.checksumCRC32()).isEqualTo(parts.get(1).checksumCRC32());
        });

        HeadObjectResponse last = s3.headObject(
                request -> request.bucket(bucket).key("film").partNumber(3).checksumMode(ChecksumMode.ENABLED));
        assertThat(last.partsCount()).isEqualTo(3);
        assertThat(last.contentLength()).isEqualTo(7);
        assertThat(last.checksumCRC32()).isEqualTo(parts.get(2).checksumCRC32());
        assertThat(last.checksumType()).isEqualTo(ChecksumType.COMPOSITE);
        assertThat(s3.listObjectsV2(request -> request.bucket(bucket))
                        .contents()
                        .get(0)
                        .checksumAlgorithm())
                .containsExactly(ChecksumAlgorithm.CRC32);
    }

    @Test
    void anObjectIsDeletedOnlyAsItWasExpectedToBe() {
        PutObjectResponse put = put("k", "four");
        HeadObjectResponse head =
                s3.headObject(request -> request.bucket(bucket).key("k"));

        refused(
                "PreconditionFailed",
                () -> s3.deleteObject(request -> request.bucket(bucket).key("k").ifMatch("\"other\"")));
        refused(
                "PreconditionFailed",
                () -> s3.deleteObject(request -> request.bucket(bucket).key("k").ifMatchSize(5L)));
        refused(
                "PreconditionFailed",
                () -> s3.deleteObject(request -> request.bucket(bucket)
                        .key("k")
                        .ifMatchLastModifiedTime(head.lastModified().minusSeconds(9))));
        assertThat(get("k")).isEqualTo("four");

        s3.deleteObject(request -> request.bucket(bucket)
                .key("k")
                .ifMatch(put.eTag())
                .ifMatchSize(4L)
                .ifMatchLastModifiedTime(head.lastModified()));
        refused("NoSuchKey", () -> get("k"));
    }

    @Test
    void anObjectGrowsAndIsRenamed() {
        put("log", "one,");
        PutObjectResponse second = s3.putObject(
                request -> request.bucket(bucket).key("log").writeOffsetBytes(4L), RequestBody.fromString("two"));
        assertThat(second.size()).isEqualTo(7);
        refused(
                "InvalidWriteOffset",
                () -> s3.putObject(
                        request -> request.bucket(bucket).key("log").writeOffsetBytes(4L),
                        RequestBody.fromString("three")));
        Instant written =
                s3.headObject(request -> request.bucket(bucket).key("log")).lastModified();

        s3.renameObject(request -> request.bucket(bucket).key("new log").renameSource(bucket + "/log"));

        assertThat(get("new log")).isEqualTo("one,two");
        refused("NoSuchKey", () -> get("log"));
        HeadObjectResponse head =
                s3.headObject(request -> request.bucket(bucket).key("new log").checksumMode(ChecksumMode.ENABLED));
        assertThat(head.lastModified()).isEqualTo(written);
        assertThat(head.checksumCRC32())
                .as("the client sends CRC32, which is rolled on")
                .isEqualTo(second.checksumCRC32());
    }

    @Test
    void ofAppendsAtOnePositionOneWins() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Callable<Integer>> appends = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                byte[] body = ("writer " + i).getBytes(UTF_8);
                appends.add(() -> {
                    int won = 0;
                    try (S3Connection wire = SERVER.connect()) {
                        for (int round = 0; round < 10; round++) {
                            won += append(wire, round * 8, body) == 200 ? 1 : 0;
                        }
                    }
                    return won;
                });
            }
            int won = 0;
            for (Future<Integer> append : threads.invokeAll(appends)) {
                won += append.get();
            }
            assertThat(get("shared")).hasSize(won * 8);
        } finally {
            threads.shutdownNow();
        }
    }

    private int append(S3Connection wire, int position, byte[] body) throws IOException {
        Reply reply = wire.call("PUT", "/" + bucket + "/shared?append=&position=" + position, Map.of(), Body.of(body));
        assertThat(reply.status()).isIn(200, 409);
        if (reply.status() == 200) {
            assertThat(reply.header("x-rgw-next-append-position")).contains(Integer.toString(position + body.length));
        }
        return reply.status();
    }

    @Test
    void checksumsOf2026AreVerifiedAndKept(S3Connection wire) throws IOException {
        for (Map.Entry<String, String> checksum : Map.of(
                        "x-amz-checksum-xxhash64", "RLws9a13CZk=",
                        "x-amz-checksum-xxhash3", "eK9flIkvOVA=",
                        "x-amz-checksum-xxhash128", "BrBatnM6YYV4r1+UiS85UA==",
                        "x-amz-checksum-md5", "kAFQmDzST7DWlj99KOF/cg==")
                .entrySet()) {
            Map<String, String> right = Map.of(checksum.getKey(), checksum.getValue());
            assertThat(wire.call("PUT", "/" + bucket + "/k", right, Body.of("abc".getBytes(UTF_8)))
                            .status())
                    .as(checksum.getKey())
                    .isEqualTo(200);
            Reply head = wire.call("HEAD", "/" + bucket + "/k", Map.of("x-amz-checksum-mode", "ENABLED"), Body.NONE);
            assertThat(head.header(checksum.getKey())).contains(checksum.getValue());
            Reply wrong = wire.call("PUT", "/" + bucket + "/k", right, Body.of("abd".getBytes(UTF_8)));
            assertThat(wrong.text()).contains("<Code>BadDigest</Code>");
        }
    }
}
