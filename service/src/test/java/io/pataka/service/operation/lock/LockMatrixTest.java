package io.pataka.service.operation.lock;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.pataka.service.access.ServiceRole;
import io.pataka.service.metadata.ObjectIndex.NewVersion;
import io.pataka.service.metadata.ObjectIndex.Publication;
import io.pataka.service.metadata.ObjectIndex.RemovalRequest;
import io.pataka.service.metadata.ObjectIndex.VersionSelector;
import io.pataka.service.model.BlobId;
import io.pataka.service.model.Bucket;
import io.pataka.service.model.Bucket.Versioning;
import io.pataka.service.model.BucketName;
import io.pataka.service.model.Caller;
import io.pataka.service.model.ChangeContext.Kind;
import io.pataka.service.model.Content;
import io.pataka.service.model.DocumentKind;
import io.pataka.service.model.ETag;
import io.pataka.service.model.ObjectFacts;
import io.pataka.service.model.ObjectKey;
import io.pataka.service.model.ObjectLock;
import io.pataka.service.model.ObjectVersion;
import io.pataka.service.model.Owner;
import io.pataka.service.model.Retention;
import io.pataka.service.model.RetentionMode;
import io.pataka.service.model.VersionId;
import io.pataka.service.model.WriteCondition;
import io.pataka.service.model.WriteCondition.Judged;
import io.pataka.service.objects.ObjectRemover;
import io.pataka.service.operation.StoreTestBed;
import io.pataka.service.protocol.S3Exception;
import io.pataka.service.protocol.S3Operation;
import io.pataka.service.protocol.S3Response;
import io.pataka.service.protocol.xml.XmlElement;
import io.pataka.service.testing.Changes;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.apache.commons.codec.digest.DigestUtils;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Every way in which a version could be destroyed, with every lock, at every place among the versions of its key, with and without a
 * bypass, by every kind of caller. A version vanishes if and only if {@link ReferenceLock} says that it may.
 */
final class LockMatrixTest {

    private static final byte[] NONE = {};
    private static final Instant FAR = Instant.parse("2140-01-01T00:00:00Z");
    private static final Instant OVER = Instant.parse("2020-01-01T00:00:00Z");
    private static final Owner OTHER = new Owner("project-2", "other");
    private static final String ETAG = "5d41402abc4b2a76b9719d911017c592";

    /** What is done to the version. */
    enum Way {
        DELETE_VERSION,
        DELETE_VERSION_IF_MATCH,
        DELETE_MANY,
        LIFT_THE_HOLD_AND_DELETE,
        UNRETAIN_AND_DELETE,
        LIFECYCLE,
        MARK,
        MARK_MANY,
        OVERWRITE,
        OVERWRITE_BY_FORM,
        COPY_ONTO,
        COMPLETE_ONTO,
        APPEND,
        RENAME,
        RENAME_ONTO,
        SUSPEND_AND_OVERWRITE,
        DELETE_THE_BUCKET;

        /** The ways that name a version, where the caller and the bypass count. */
        private static final Set<Way> OF_CALLERS = EnumSet.range(DELETE_VERSION, UNRETAIN_AND_DELETE);
    }

    /** The retention of the version. */
    enum Retained {
        NEVER(Optional.empty()),
        GOVERNANCE(Optional.of(new Retention(RetentionMode.GOVERNANCE, FAR))),
        COMPLIANCE(Optional.of(new Retention(RetentionMode.COMPLIANCE, FAR))),
        GOVERNANCE_OVER(Optional.of(new Retention(RetentionMode.GOVERNANCE, OVER))),
        COMPLIANCE_OVER(Optional.of(new Retention(RetentionMode.COMPLIANCE, OVER)));

        private final Optional<Retention> retention;

        Retained(Optional<Retention> retention) {
            this.retention = retention;
        }
    }

    /** The legal hold of the version. */
    enum Hold {
        NEVER(Optional.empty()),
        ON(Optional.of(true)),
        OFF(Optional.of(false));

        private final Optional<Boolean> hold;

        Hold(Optional<Boolean> hold) {
            this.hold = hold;
        }
    }

    /** Where the version stands among those of its key; a null version was made before versioning was enabled. */
    enum Place {
        CURRENT,
        NONCURRENT,
        NULL_CURRENT,
        NULL_NONCURRENT;

        boolean isNull() {
            return this == NULL_CURRENT || this == NULL_NONCURRENT;
        }

        boolean isCurrent() {
            return this == CURRENT || this == NULL_CURRENT;
        }
    }

    /** Who asks, and in which of the buckets. */
    enum Role {
        OWNER(Shared.NO, caller(StoreTestBed.OWNER.account(), "member")),
        OWNERS_ADMIN(Shared.NO, caller(StoreTestBed.OWNER.account(), "admin")),
        OWNERS_READER(Shared.NO, caller(StoreTestBed.OWNER.account(), "reader")),
        WITHHELD(Shared.BYPASS_WITHHELD, caller(StoreTestBed.OWNER.account(), "member")),
        WITHHELD_ADMIN(Shared.BYPASS_WITHHELD, caller(StoreTestBed.OWNER.account(), "admin")),
        GUEST(Shared.DELETION_ALLOWED, caller(OTHER, "member")),
        TRUSTED_GUEST(Shared.BYPASS_ALLOWED, caller(OTHER, "member")),
        STRANGER(Shared.NO, caller(OTHER, "admin")),
        ANONYMOUS(Shared.NO, Caller.ANONYMOUS);

        private final Shared shared;
        private final Caller caller;

        Role(Shared shared, Caller caller) {
            this.shared = shared;
            this.caller = caller;
        }
    }

    /** What the policy of a bucket says. */
    enum Shared {
        NO(""),
        BYPASS_WITHHELD("""
                {"Effect": "Deny", "Principal": "*", "Action": "s3:BypassGovernanceRetention",
                 "Resource": "arn:aws:s3:::BUCKET/*"}"""),
        DELETION_ALLOWED("""
                {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::project-2:root"}, "Action": "s3:DeleteObjectVersion",
                 "Resource": "arn:aws:s3:::BUCKET/*"}"""),
        BYPASS_ALLOWED("""
                {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::project-2:root"}, "Action":
                 ["s3:DeleteObjectVersion", "s3:BypassGovernanceRetention", "s3:PutObjectRetention"],
                 "Resource": "arn:aws:s3:::BUCKET/*"}""");

        private final String statement;

        Shared(String statement) {
            this.statement = statement;
        }
    }

    /** One combination. */
    record Cell(Way way, Retained retained, Hold hold, Place place, boolean bypass, Role role) {

        Cell with(Hold other) {
            return new Cell(way, retained, other, place, bypass, role);
        }

        Cell with(Retained other) {
            return new Cell(way, other, hold, place, bypass, role);
        }

        Cell withBypass(boolean other) {
            return new Cell(way, retained, hold, place, other, role);
        }

        ObjectLock lock() {
            return new ObjectLock(retained.retention, hold.hold);
        }
    }

    /** A version that was made for a cell. */
    private record Made(Cell cell, ObjectKey key, VersionId id, BlobId blob) {

        String target(Bucket bucket) {
            return "/" + bucket.name() + "/" + key;
        }

        String versionTarget(Bucket bucket) {
            return target(bucket) + "?versionId=" + id.text();
        }
    }

    @TempDir
    private static Path folder;

    private static StoreTestBed bed;
    private static ObjectRemover remover;

    private static Caller caller(Owner account, String role) {
        return new Caller(account, new Owner("user-of-" + role, role), "default", Set.of(role), Optional.of("K"));
    }

    @BeforeAll
    static void open() throws IOException {
        bed = new StoreTestBed(folder, UnaryOperator.identity(), UnaryOperator.identity(), UnaryOperator.identity());
        remover = new ObjectRemover(bed.index, bed.retry);
    }

    @AfterAll
    static void close() {
        bed.close();
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void aVersionVanishesOnlyIfNothingKeepsIt(Way way) throws IOException {
        Map<Shared, Bucket> buckets = new EnumMap<>(Shared.class);
        Map<Shared, List<Made>> made = new EnumMap<>(Shared.class);
        for (Shared shared : Shared.values()) {
            List<Cell> cells = cells(way).stream()
                    .filter(cell -> cell.role().shared == shared)
                    .toList();
            if (!cells.isEmpty()) {
                String name = "m-" + way.name().toLowerCase(Locale.ROOT).replace('_', '-') + "-" + shared.ordinal();
                List<Made> versions = new ArrayList<>();
                buckets.put(shared, bucket(name, shared, cells, versions));
                made.put(shared, versions);
            }
        }

        List<String> wrong = new ArrayList<>();
        for (Shared shared : made.keySet()) {
            for (Made version : made.get(shared)) {
                attempt(way, buckets.get(shared), version);
                boolean vanished = find(buckets.get(shared), version).isEmpty();
                if (vanished != ReferenceLock.mayVanish(version.cell())) {
                    wrong.add(version.cell() + (vanished ? " vanished" : " was kept"));
                }
            }
        }
        assertThat(wrong).isEmpty();
        Set<String> retired = retired();
        made.values().stream()
                .flatMap(List::stream)
                .forEach(version -> assertThat(retired.contains(version.blob().toString()))
                        .as("the content of %s is to be deleted", version.cell())
                        .isEqualTo(ReferenceLock.mayVanish(version.cell())));
    }

    private static List<Cell> cells(Way way) {
        boolean ofCallers = Way.OF_CALLERS.contains(way);
        List<Cell> cells = new ArrayList<>();
        for (Retained retained : Retained.values()) {
            for (Hold hold : Hold.values()) {
                for (Place place : Place.values()) {
                    for (boolean bypass : ofCallers ? new boolean[] {false, true} : new boolean[] {true}) {
                        for (Role role : Role.values()) {
                            boolean isOwner = role == Role.OWNER || role == Role.OWNERS_ADMIN;
                            if (isOwner || ofCallers && !place.isNull()) {
                                cells.add(new Cell(way, retained, hold, place, bypass, role));
                            }
                        }
                    }
                }
            }
        }
        return cells;
    }

    /** A bucket with the versions of cells. */
    private static Bucket bucket(String name, Shared shared, List<Cell> cells, List<Made> made) {
        Bucket plain = bed.bucket(name);
        Map<Cell, VersionId> ids = new HashMap<>();
        Map<Cell, BlobId> blobs = new HashMap<>();
        List<Cell> beforeVersioning =
                cells.stream().filter(cell -> cell.place().isNull()).toList();
        for (Cell cell : beforeVersioning) {
            publish(plain, cells.indexOf(cell), cell, ids, blobs);
        }
        bed.buckets.setVersioning(plain, Versioning.ENABLED, Changes.any());
        bed.buckets.setObjectLock(plain, Optional.empty(), Changes.any());
        if (!shared.statement.isEmpty()) {
            bed.buckets.putDocument(
                    plain,
                    DocumentKind.POLICY,
                    "{\"Version\": \"2012-10-17\", \"Statement\": [" + shared.statement.replace("BUCKET", name) + "]}",
                    Changes.any());
        }
        Bucket bucket = bed.buckets.findFresh(new BucketName(name)).orElseThrow();
        for (int i = 0; i < cells.size(); i++) {
            Cell cell = cells.get(i);
            ObjectKey key = key(i);
            if (cell.place().isNull()) {
                bed.locks.setRetention(bucket, key, Optional.empty(), cell.retained().retention, false, Changes.any());
                cell.hold()
                        .hold
                        .ifPresent(hold -> bed.locks.setLegalHold(bucket, key, Optional.empty(), hold, Changes.any()));
            } else {
                publish(bucket, i, cell, ids, blobs);
            }
            if (!cell.place().isCurrent()) {
                publish(bucket, key, ObjectLock.NONE, BlobId.random(1));
            }
            made.add(new Made(cell, key, ids.get(cell), blobs.get(cell)));
        }
        return bucket;
    }

    private static ObjectKey key(int number) {
        return ObjectKey.of("key-" + number);
    }

    private static void publish(
            Bucket bucket, int number, Cell cell, Map<Cell, VersionId> ids, Map<Cell, BlobId> blobs) {
        BlobId blob = BlobId.random(1);
        blobs.put(cell, blob);
        ids.put(cell, publish(bucket, key(number), bucket.objectLock() ? cell.lock() : ObjectLock.NONE, blob));
    }

    private static VersionId publish(Bucket bucket, ObjectKey key, ObjectLock lock, BlobId blob) {
        NewVersion version = new NewVersion(
                key,
                5,
                new ETag(ETAG),
                bucket.owner(),
                new Content.Whole(blob),
                ObjectFacts.plain().withLock(lock));
        return ((Publication.Published) bed.index.publish(bucket, version, WriteCondition.NONE, Changes.any())).id();
    }

    private static void attempt(Way way, Bucket bucket, Made version) throws IOException {
        Caller caller = version.cell().role().caller;
        String target = version.target(bucket);
        Map<String, String> bypass =
                Map.of("x-amz-bypass-governance-retention", "" + version.cell().bypass());
        switch (way) {
            case DELETE_VERSION -> send(caller, "DELETE", version.versionTarget(bucket), bypass, NONE);
            case DELETE_VERSION_IF_MATCH ->
                send(
                        caller,
                        "DELETE",
                        version.versionTarget(bucket),
                        Map.of(
                                "If-Match",
                                "\"" + ETAG + "\"",
                                "x-amz-bypass-governance-retention",
                                "" + version.cell().bypass()),
                        NONE);
            case DELETE_MANY -> deleteMany(caller, bucket, version, bypass, true);
            case LIFT_THE_HOLD_AND_DELETE -> {
                document(
                        caller, bucket, version, "legal-hold", Map.of(), "<LegalHold><Status>OFF</Status></LegalHold>");
                send(caller, "DELETE", version.versionTarget(bucket), bypass, NONE);
            }
            case UNRETAIN_AND_DELETE -> {
                document(caller, bucket, version, "retention", bypass, "<Retention/>");
                send(caller, "DELETE", version.versionTarget(bucket), Map.of(), NONE);
            }
            case LIFECYCLE -> removeByRule(bucket, version);
            case MARK -> send(caller, "DELETE", target, bypass, NONE);
            case MARK_MANY -> deleteMany(caller, bucket, version, bypass, false);
            case OVERWRITE -> send(caller, "PUT", target, Map.of(), "hello".getBytes(UTF_8));
            case OVERWRITE_BY_FORM -> {
                S3Response answer = bed.send(S3Operation.POST_OBJECT, target, "", Map.of(), "hello".getBytes(UTF_8));
                assertThat(answer.status()).isEqualTo(204);
            }
            case COPY_ONTO -> {
                send(caller, "PUT", "/" + bucket.name() + "/source", Map.of(), "hello".getBytes(UTF_8));
                Map<String, String> source = Map.of("x-amz-copy-source", bucket.name() + "/source");
                assertThat(bed.sendAs(caller, "PUT", target, source, NONE).status())
                        .isEqualTo(200);
            }
            case COMPLETE_ONTO -> complete(caller, target);
            case APPEND -> {
                send(caller, "PUT", target + "?append&position=5", Map.of(), "x".getBytes(UTF_8));
                send(caller, "PUT", target, Map.of("x-amz-write-offset-bytes", "5"), "x".getBytes(UTF_8));
            }
            case RENAME ->
                send(caller, "PUT", target + "-moved?renameObject", Map.of("x-amz-rename-source", target), NONE);
            case RENAME_ONTO -> {
                String other = "/" + bucket.name() + "/other";
                send(caller, "PUT", other, Map.of(), "hello".getBytes(UTF_8));
                send(caller, "PUT", target + "?renameObject", Map.of("x-amz-rename-source", other), NONE);
            }
            case SUSPEND_AND_OVERWRITE -> {
                send(
                        caller,
                        "PUT",
                        "/" + bucket.name() + "?versioning",
                        Map.of(),
                        "<VersioningConfiguration><Status>Suspended</Status></VersioningConfiguration>"
                                .getBytes(UTF_8));
                send(caller, "PUT", target, Map.of(), "hello".getBytes(UTF_8));
                send(caller, "DELETE", target, bypass, NONE);
            }
            case DELETE_THE_BUCKET -> bed.buckets.delete(bucket, Changes.any());
        }
    }

    /** Performs a request that may be refused. */
    private static void send(Caller caller, String method, String target, Map<String, String> headers, byte[] body) {
        try {
            bed.sendAs(caller, method, target, headers, body);
        } catch (S3Exception refused) {
            assertThat(refused.error().status()).as(refused.getMessage()).isIn(403, 409);
        }
    }

    private static void document(
            Caller caller, Bucket bucket, Made version, String word, Map<String, String> headers, String document) {
        Map<String, String> all = new HashMap<>(headers);
        all.put("Content-MD5", md5(document));
        String target = version.target(bucket) + "?" + word + "&versionId="
                + version.id().text();
        send(caller, "PUT", target, all, document.getBytes(UTF_8));
    }

    private static void deleteMany(
            Caller caller, Bucket bucket, Made version, Map<String, String> headers, boolean named) {
        String id = named ? "<VersionId>" + version.id().text() + "</VersionId>" : "";
        String document = "<Delete><Object><Key>" + version.key() + "</Key>" + id + "</Object></Delete>";
        Map<String, String> all = new HashMap<>(headers);
        all.put("Content-MD5", md5(document));
        send(caller, "POST", "/" + bucket.name() + "?delete", all, document.getBytes(UTF_8));
    }

    private static String md5(String document) {
        return Base64.getEncoder().encodeToString(DigestUtils.md5(document));
    }

    private static void removeByRule(Bucket bucket, Made version) {
        Judged.State state = version.cell().place().isCurrent() ? Judged.State.CURRENT : Judged.State.NONCURRENT;
        RemovalRequest request = new RemovalRequest(
                version.key(), Optional.of(VersionSelector.of(version.id())), new Judged(version.id(), state));
        remover.remove(bucket, request, new ServiceRole("lifecycle").permit(bucket), Kind.LIFECYCLE_EXPIRATION);
    }

    private static void complete(Caller caller, String target) throws IOException {
        S3Response begun = bed.sendAs(caller, "POST", target + "?uploads", Map.of(), NONE);
        String upload = XmlElement.parse(StoreTestBed.bytes(begun), "InitiateMultipartUploadResult")
                .requiredText("UploadId");
        String etag = bed.sendAs(
                        caller, "PUT", target + "?partNumber=1&uploadId=" + upload, Map.of(), "hello".getBytes(UTF_8))
                .headers()
                .get("ETag");
        String document = "<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>" + etag
                + "</ETag></Part></CompleteMultipartUpload>";
        S3Response done =
                bed.sendAs(caller, "POST", target + "?uploadId=" + upload, Map.of(), document.getBytes(UTF_8));
        assertThat(done.status()).isEqualTo(200);
    }

    private static Optional<ObjectVersion> find(Bucket bucket, Made version) {
        return bed.index
                .version(bucket, version.key(), VersionSelector.of(version.id()))
                .filter(found -> found.id().equals(version.id()))
                .filter(found -> found.content().equals(new Content.Whole(version.blob())));
    }

    /** The blobs that are to be deleted. */
    private static Set<String> retired() {
        return Set.copyOf(bed.database.read(handle -> handle.createQuery("SELECT LOWER(HEX(blob_id)) FROM retired_blob")
                .mapTo(String.class)
                .list()));
    }
}
