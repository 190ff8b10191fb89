package io.pataka.service.job;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.pataka.service.access.DeliveryPolicy;
import io.pataka.service.access.ServiceRole;
import io.pataka.service.encryption.KeyRefusedException;
import io.pataka.service.inventory.InventoryConfiguration;
import io.pataka.service.inventory.InventoryField;
import io.pataka.service.inventory.InventoryReport;
import io.pataka.service.inventory.InventoryReport.File;
import io.pataka.service.inventory.InventoryXml;
import io.pataka.service.inventory.ListedEntry;
import io.pataka.service.lifecycle.LifecycleAnnouncements;
import io.pataka.service.lifecycle.LifecycleXml;
import io.pataka.service.metadata.BucketCatalog;
import io.pataka.service.metadata.Growth;
import io.pataka.service.metadata.InventoryRows;
import io.pataka.service.metadata.InventoryRows.InventoriedBucket;
import io.pataka.service.metadata.InventoryRows.Row;
import io.pataka.service.metadata.ObjectIndex;
import io.pataka.service.metadata.ObjectIndex.KeyRange;
import io.pataka.service.metadata.ObjectIndex.ListedObject;
import io.pataka.service.metadata.ObjectIndex.VersionRange;
import io.pataka.service.metadata.Quotas;
import io.pataka.service.metadata.Refusal;
import io.pataka.service.model.Bucket;
import io.pataka.service.model.ChangeContext.Kind;
import io.pataka.service.model.DocumentKind;
import io.pataka.service.model.EncryptionChoice;
import io.pataka.service.model.ObjectFacts;
import io.pataka.service.model.ObjectKey;
import io.pataka.service.model.ObjectVersion;
import io.pataka.service.model.StoredForm;
import io.pataka.service.model.WriteCondition;
import io.pataka.service.objects.ServiceObjects;
import io.pataka.service.objects.Target;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.commons.codec.digest.DigestUtils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the inventories of buckets: a report for each configuration that has none since the beginning of its day or week. A unit of work
 * writes one file. A report is complete when it has its checksum, which is written last; what is repeated after a crash has the same keys.
 */
public final class InventoryJob implements BucketJob {

    private static final Logger LOG = LoggerFactory.getLogger(InventoryJob.class);

    /** The principal that the policy of a destination names. */
    private static final String SERVICE = "s3.amazonaws.com";

    private static final Duration DAY = Duration.ofDays(1);
    private static final Duration LOOK = Duration.ofSeconds(10);
    private static final Duration LEASE = Duration.ofMinutes(10);

    /** How soon a report is tried again that was not written. */
    private static final Duration AFTER_FAILURE = Duration.ofHours(1);

    private static final int PAGE = 1_000;
    private static final int LINES = 100_000;

    private final InventoryRows rows;
    private final BucketCatalog buckets;
    private final ObjectIndex index;
    private final ServiceObjects objects;
    private final Forms forms;
    private final Quotas quotas;
    private final DeliveryPolicy policy;
    private final Clock clock;
    private final int lines;
    private final ServiceRole role = new ServiceRole("inventory");
    private final AtomicLong written = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();

    public InventoryJob(
            InventoryRows rows,
            BucketCatalog buckets,
            ObjectIndex index,
            ServiceObjects objects,
            Forms forms,
            Quotas quotas,
            Clock clock) {
        this(rows, buckets, index, objects, forms, quotas, clock, LINES);
    }

    /** @param lines after how many lines a file ends, with the page that it is in */
    InventoryJob(
            InventoryRows rows,
            BucketCatalog buckets,
            ObjectIndex index,
            ServiceObjects objects,
            Forms forms,
            Quotas quotas,
            Clock clock,
            int lines) {
        this.rows = Objects.requireNonNull(rows);
        this.buckets = Objects.requireNonNull(buckets);
        this.index = Objects.requireNonNull(index);
        this.objects = Objects.requireNonNull(objects);
        this.forms = Objects.requireNonNull(forms);
        this.quotas = Objects.requireNonNull(quotas);
        this.policy = new DeliveryPolicy(SERVICE, buckets, clock);
        this.clock = Objects.requireNonNull(clock);
        this.lines = lines;
    }

    /** How the objects of a report are stored. */
    @FunctionalInterface
    public interface Forms {

        /**
         * @param asked empty for what the bucket or the settings say
         */
        StoredForm of(Bucket bucket, Optional<EncryptionChoice> asked) throws KeyRefusedException;
    }

    /** A report cannot be written to its destination. */
    private static final class NotDeliveredException extends Exception {
        private static final long serialVersionUID = 1L;

        NotDeliveredException(String reason) {
            super(reason);
        }
    }

    /** The reports that this process completed. */
    public long written() {
        return written.get();
    }

    /** How often this process could not write a report to its destination. */
    public long failed() {
        return failed.get();
    }

    @Override
    public String name() {
        return DocumentKind.INVENTORY.name();
    }

    @Override
    public Optional<DocumentKind> kind() {
        return Optional.of(DocumentKind.INVENTORY);
    }

    @Override
    public Job.Schedule schedule() {
        return new Job.Schedule(DAY, 0.25);
    }

    @Override
    public Duration lookEvery() {
        return LOOK;
    }

    @Override
    public Duration lease() {
        return LEASE;
    }

    @Override
    public Duration untilNextRound(Optional<String> position) {
        Instant now = clock.instant();
        Duration untilTomorrow =
                Duration.between(now, now.truncatedTo(ChronoUnit.DAYS).plus(DAY));
        boolean again = position.map(InventoryPosition::parse)
                .filter(InventoryPosition::failed)
                .isPresent();
        return again && untilTomorrow.compareTo(AFTER_FAILURE) > 0 ? AFTER_FAILURE : untilTomorrow;
    }

    @Override
    public Optional<String> work(long bucketId, Optional<String> position) throws IOException {
        Optional<InventoriedBucket> found = rows.find(bucketId);
        InventoryPosition at = position.map(InventoryPosition::parse).orElse(InventoryPosition.START);
        if (found.isEmpty() || at.phase() == InventoryPosition.Phase.END) {
            return Optional.empty();
        }
        Bucket bucket = found.get().bucket();
        SortedMap<String, InventoryConfiguration> all =
                InventoryXml.load(found.get().document());
        return Optional.of(
                (at.phase() == InventoryPosition.Phase.NEXT ? next(bucket, all, at) : file(bucket, all, at)).text());
    }

    /** Begins the first report that is due of those after an id. */
    private InventoryPosition next(Bucket source, SortedMap<String, InventoryConfiguration> all, InventoryPosition at) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.MINUTES);
        for (InventoryConfiguration configuration : all.tailMap(at.id() + '\0').values()) {
            if (configuration.enabled() && isDue(source, configuration, now)) {
                return at.begin(configuration.id(), now);
            }
        }
        return at.end();
    }

    /** Whether there is no complete report since the beginning of the day or week. */
    private boolean isDue(Bucket source, InventoryConfiguration configuration, Instant now) {
        Optional<Bucket> target = buckets.findFresh(configuration.destination().bucket());
        if (target.isEmpty()) {
            return true;
        }
        String from = InventoryReport.folderSince(
                source.name(), configuration, configuration.frequency().beginning(now));
        // All keys of reports follow the folder with a digit.
        String before = InventoryReport.folder(source.name(), configuration) + ':';
        KeyRange range = new KeyRange(from.getBytes(UTF_8), true, Optional.of(before.getBytes(UTF_8)));
        return index.scan(target.get(), range, PAGE).stream()
                .map(ListedObject::key)
                .noneMatch(InventoryReport::isChecksum);
    }

    /** Writes the next file of a report; after the last, what completes the report. */
    private InventoryPosition file(Bucket source, SortedMap<String, InventoryConfiguration> all, InventoryPosition at)
            throws IOException {
        InventoryConfiguration configuration = all.get(at.id());
        if (configuration == null || !configuration.enabled()) {
            return at.next(false);
        }
        InventoryReport report = new InventoryReport(source.name(), configuration, at.started());
        try {
            Delivery delivery = delivery(source, report);
            List<Row> first = page(source, configuration, at.after());
            if (!first.isEmpty()) {
                return at.written(write(delivery, at.files(), first));
            }
            complete(delivery, at.files());
            written.incrementAndGet();
            return at.next(false);
        } catch (NotDeliveredException reason) {
            failed.incrementAndGet();
            LOG.warn(
                    "The inventory {} of bucket {} is not written: {}",
                    configuration.id(),
                    source.name(),
                    reason.getMessage());
            return at.next(true);
        }
    }

    /** A report, and where it goes. */
    private record Delivery(Bucket source, InventoryReport report, Bucket target) {
        InventoryConfiguration configuration() {
            return report.configuration();
        }
    }

    private Delivery delivery(Bucket source, InventoryReport report) throws NotDeliveredException {
        InventoryConfiguration.Destination destination = report.configuration().destination();
        Bucket target = buckets.findFresh(destination.bucket())
                .orElseThrow(() -> new NotDeliveredException("the bucket " + destination.bucket() + " does not exist"));
        if (destination.account().filter(id -> !id.equals(target.owner().id())).isPresent()) {
            throw new NotDeliveredException(
                    "the bucket " + target.name() + " has another owner than the configuration says");
        }
        return new Delivery(source, report, target);
    }

    private List<Row> page(
            Bucket source, InventoryConfiguration configuration, Optional<InventoryPosition.Place> after) {
        byte[] prefix = configuration.prefix().orElse("").getBytes(UTF_8);
        KeyRange keys = new KeyRange(
                after.map(place -> place.key().bytes()).orElse(prefix), after.isEmpty(), afterPrefix(prefix));
        return configuration.allVersions()
                ? rows.all(source.id(), new VersionRange(keys, after.map(InventoryPosition.Place::sequence)), PAGE)
                : rows.current(source.id(), keys, PAGE);
    }

    /** The first bytes that follow all that begin with a prefix; empty if nothing does. */
    private static Optional<byte[]> afterPrefix(byte[] prefix) {
        for (int end = prefix.length; end > 0; end--) {
            if (prefix[end - 1] != (byte) 0xff) {
                byte[] next = Arrays.copyOf(prefix, end);
                next[end - 1]++;
                return Optional.of(next);
            }
        }
        return Optional.empty();
    }

    private static InventoryPosition.Place place(Row row) {
        return new InventoryPosition.Place(
                row.version().key(), row.version().id().sequence());
    }

    private InventoryPosition.Place write(Delivery delivery, int number, List<Row> first)
            throws IOException, NotDeliveredException {
        InventoryConfiguration configuration = delivery.configuration();
        List<InventoryField> columns = InventoryField.columns(configuration);
        boolean lists = columns.contains(InventoryField.OBJECT_ACCESS_CONTROL_LIST);
        Optional<LifecycleAnnouncements> rules = columns.contains(InventoryField.LIFECYCLE_EXPIRATION_DATE)
                ? rules(delivery.source())
                : Optional.empty();
        try (InventoryLines file = new InventoryLines(
                first,
                last -> page(delivery.source(), configuration, Optional.of(place(last))),
                row -> InventoryReport.line(
                        columns,
                        new ListedEntry(
                                delivery.source(),
                                row.version(),
                                row.latest(),
                                rules.filter(known -> row.latest()).flatMap(known -> expires(known, row.version())),
                                lists ? AccessControlJson.of(row.version()) : "")),
                lines)) {
            put(delivery, delivery.report().file(number), "application/gzip", file);
            return place(file.last());
        }
    }

    private Optional<LifecycleAnnouncements> rules(Bucket source) {
        return buckets.document(source, DocumentKind.LIFECYCLE)
                .map(document -> new LifecycleAnnouncements(LifecycleXml.load(document)));
    }

    private static Optional<Instant> expires(LifecycleAnnouncements rules, ObjectVersion version) {
        return version.deleteMarker()
                ? Optional.empty()
                : rules.expiration(
                                version.key(), version.size(), version.facts().tags(), version.lastModified())
                        .map(LifecycleAnnouncements.Announcement::time);
    }

    private void complete(Delivery delivery, int count) throws IOException, NotDeliveredException {
        InventoryReport report = delivery.report();
        List<File> files = files(delivery, count);
        byte[] manifest = report.manifestText(files);
        put(delivery, report.hive(), "text/plain", new ByteArrayInputStream(report.hiveText(files)));
        put(delivery, report.manifest(), "application/json", new ByteArrayInputStream(manifest));
        put(
                delivery,
                report.checksum(),
                "text/plain",
                new ByteArrayInputStream(DigestUtils.md5Hex(manifest).getBytes(UTF_8)));
    }

    /** The files as they are in the destination. Their entity tags are the MD5 of their bytes, encrypted or not. */
    private List<File> files(Delivery delivery, int count) throws NotDeliveredException {
        List<File> files = new ArrayList<>(count);
        for (int number = 0; number < count; number += PAGE) {
            ObjectKey first = delivery.report().file(number);
            ObjectKey end = delivery.report().file(Math.min(count, number + PAGE));
            for (ListedObject file :
                    index.scan(delivery.target(), new KeyRange(first.bytes(), true, Optional.of(end.bytes())), PAGE)) {
                files.add(new File(file.key(), file.size(), file.etag().value()));
            }
        }
        if (files.size() != count) {
            throw new NotDeliveredException("files of the report were deleted while it was written");
        }
        return files;
    }

    private void put(Delivery delivery, ObjectKey key, String contentType, InputStream bytes)
            throws IOException, NotDeliveredException {
        Bucket bucket = delivery.target();
        if (!policy.allows(delivery.source(), bucket, key.toString())) {
            throw new NotDeliveredException("the policy of the bucket " + bucket.name() + " does not allow " + SERVICE
                    + " to put the object " + key);
        }
        if (!quotas.hasRoom(bucket, Growth.ofNew(1))) {
            throw new NotDeliveredException("the quota of the bucket " + bucket.name() + " has no room");
        }
        ObjectFacts facts = ObjectFacts.builder()
                .contentType(contentType)
                .form(form(delivery))
                .build();
        Target target = new Target(bucket, key, bucket.owner(), role.permit(bucket), Kind.PUT);
        Optional<Refusal> refusal =
                objects.put(target, facts, bytes, WriteCondition.NONE).refusal();
        if (refusal.isPresent()) {
            throw new NotDeliveredException("the object " + key + " was refused: " + refusal.get());
        }
    }

    private StoredForm form(Delivery delivery) throws NotDeliveredException {
        try {
            return forms.of(
                    delivery.target(), delivery.configuration().destination().encryption());
        } catch (KeyRefusedException refused) {
            throw new NotDeliveredException("the key of its encryption cannot be used: " + refused.getMessage());
        }
    }
}
