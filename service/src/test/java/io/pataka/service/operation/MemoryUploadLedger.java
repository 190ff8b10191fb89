package io.pataka.service.operation;

import io.pataka.service.metadata.ObjectIndex;
import io.pataka.service.metadata.ObjectIndex.KeyRange;
import io.pataka.service.metadata.ObjectIndex.NewVersion;
import io.pataka.service.metadata.Refusal;
import io.pataka.service.metadata.UploadLedger;
import io.pataka.service.model.Bucket;
import io.pataka.service.model.ChangeContext;
import io.pataka.service.model.ObjectFacts;
import io.pataka.service.model.ObjectKey;
import io.pataka.service.model.Owner;
import io.pataka.service.model.UploadId;
import io.pataka.service.model.VersionId;
import io.pataka.service.model.WriteCondition;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;

/** Uploads in memory, for tests of operations. */
public final class MemoryUploadLedger implements UploadLedger {

    private static final Comparator<Upload> ORDER = Comparator.comparing(Upload::key)
            .thenComparing(upload -> upload.id().bytes(), Arrays::compareUnsigned);

    private final ObjectIndex index;
    private final List<Upload> uploads = new ArrayList<>();
    private final Map<UploadId, TreeMap<Integer, UploadedPart>> parts = new HashMap<>();
    private final Map<UploadId, CompletedUpload> completed = new HashMap<>();

    MemoryUploadLedger(ObjectIndex index) {
        this.index = index;
    }

    @Override
    public Optional<Upload> begin(
            Bucket bucket,
            ObjectKey key,
            Owner owner,
            ObjectFacts facts,
            UploadChecksum checksum,
            ChangeContext change) {
        // Ids that ascend, as those of different milliseconds do.
        UploadId id = new UploadId(new UUID(uploads.size() + completed.size() + 1L, 0));
        Instant now = MemoryObjectIndex.NOW;
        Upload upload = new Upload(
                id,
                bucket.id(),
                key,
                owner,
                change.actor().owner(bucket),
                now,
                MemoryObjectIndex.stored(facts),
                checksum);
        uploads.add(upload);
        parts.put(id, new TreeMap<>());
        return Optional.of(upload);
    }

    @Override
    public Optional<ObjectKey> keyOf(Bucket bucket, UploadId id) {
        return uploads.stream()
                .filter(upload ->
                        upload.bucketId() == bucket.id() && upload.id().equals(id))
                .map(Upload::key)
                .findFirst();
    }

    @Override
    public Optional<Upload> find(Bucket bucket, ObjectKey key, UploadId id) {
        return uploads.stream()
                .filter(upload -> upload.bucketId() == bucket.id()
                        && upload.key().equals(key)
                        && upload.id().equals(id))
                .findFirst();
    }

    @Override
    public PartWrite putPart(Upload upload, UploadedPart part, ChangeContext change) {
        if (!uploads.contains(upload)) {
            return new PartWrite(Optional.of(Refusal.NO_SUCH_UPLOAD));
        }
        parts.get(upload.id()).put(part.number(), part);
        return new PartWrite(Optional.empty());
    }

    @Override
    public List<UploadedPart> parts(Upload upload, int afterNumber, int limit) {
        return parts.get(upload.id()).tailMap(afterNumber, false).values().stream()
                .limit(limit)
                .toList();
    }

    @Override
    public List<Upload> scan(Bucket bucket, KeyRange range, Optional<UploadId> fromUpload, int limit) {
        return uploads.stream()
                .filter(upload -> upload.bucketId() == bucket.id())
                .filter(upload -> isWithin(range, fromUpload, upload))
                .sorted(ORDER)
                .limit(limit)
                .toList();
    }

    private static boolean isWithin(KeyRange range, Optional<UploadId> fromUpload, Upload upload) {
        byte[] key = upload.key().bytes();
        int order = Arrays.compareUnsigned(key, range.from());
        if (range.before().filter(end -> Arrays.compareUnsigned(key, end) >= 0).isPresent()) {
            return false;
        }
        if (order == 0 && fromUpload.isPresent()) {
            return Arrays.compareUnsigned(upload.id().bytes(), fromUpload.get().bytes()) > 0;
        }
        return order > 0 || (order == 0 && range.inclusive());
    }

    @Override
    public Completion complete(
            Bucket bucket, Upload upload, Assembly assembly, WriteCondition condition, ChangeContext change) {
        if (!uploads.contains(upload)) {
            return new Completion.Refused(Refusal.NO_SUCH_UPLOAD);
        }
        NewVersion version = assembly.of(parts(upload, 0, Integer.MAX_VALUE)).version();
        return index.publish(bucket, version, condition, change)
                .fold(
                        published -> {
                            uploads.remove(upload);
                            completed.put(
                                    upload.id(), new CompletedUpload(upload.id(), published.id(), version.etag()));
                            return new Completion.Completed(published.id(), version);
                        },
                        Completion.Refused::new);
    }

    @Override
    public Optional<CompletedUpload> completed(Bucket bucket, ObjectKey key, UploadId id) {
        return Optional.ofNullable(completed.get(id))
                .filter(done -> index.version(bucket, key, ObjectIndex.VersionSelector.of(done.version()))
                        .map(version -> version.id())
                        .map(VersionId::sequence)
                        .filter(sequence -> sequence == done.version().sequence())
                        .isPresent());
    }

    @Override
    public boolean abort(Bucket bucket, ObjectKey key, UploadId id, ChangeContext change) {
        return uploads.removeIf(upload -> upload.bucketId() == bucket.id()
                && upload.key().equals(key)
                && upload.id().equals(id));
    }

    @Override
    public boolean expireCompleted(Duration age, int limit) {
        return false;
    }
}
