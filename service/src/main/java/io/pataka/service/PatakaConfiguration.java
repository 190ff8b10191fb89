package io.pataka.service;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.dropwizard.core.Configuration;
import io.dropwizard.core.server.DefaultServerFactory;
import io.dropwizard.jetty.HttpConnectorFactory;
import io.dropwizard.logging.common.DefaultLoggingFactory;
import io.dropwizard.util.DataSize;
import io.dropwizard.util.DataSizeUnit;
import io.dropwizard.util.Duration;
import io.dropwizard.validation.MaxDuration;
import io.dropwizard.validation.MinDataSize;
import io.dropwizard.validation.MinDuration;
import io.dropwizard.validation.ValidationMethod;
import io.pataka.keystone.KeystoneSettings;
import io.pataka.service.access.ObjectOwnership;
import io.pataka.service.access.RoleRules;
import io.pataka.service.access.cors.CorsRules;
import io.pataka.service.auth.SignatureRules;
import io.pataka.service.blob.VolumeSettings;
import io.pataka.service.http.ClientLimits;
import io.pataka.service.http.WebsiteHosts;
import io.pataka.service.metadata.DatabaseSettings;
import io.pataka.service.metadata.Quotas.ProjectQuotas;
import io.pataka.service.model.ObjectFacts;
import io.pataka.service.model.Quota;
import io.pataka.service.operation.bucket.BucketRules;
import io.pataka.service.operation.object.ObjectRules;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.hibernate.validator.constraints.UniqueElements;

/** The settings. etc/pataka.yml has the meaning and the default of each. */
public final class PatakaConfiguration extends Configuration {

    /** Dropwizard's own default. */
    private static final int DEFAULT_THREADS = 1024;

    private static final Set<String> LOG_LEVELS = Set.of("OFF", "ERROR", "WARN", "INFO", "DEBUG", "TRACE", "ALL");

    @JsonProperty
    @NotNull
    @Pattern(regexp = "[a-z0-9][a-z0-9-]{0,62}", message = "must be 1 to 63 of a-z, 0-9 and dashes")
    private String region = "us-east-1";

    @JsonProperty
    @NotNull
    private List<@NotNull @Pattern(regexp = "[A-Za-z0-9.-]+", message = "must be a host name without a port") String>
            domains = List.of();

    @JsonProperty
    @NotNull
    @Valid
    private DatabaseSettings database;

    @JsonProperty
    @NotEmpty
    private List<@NotNull @Valid Volume> volumes;

    @JsonProperty
    private boolean initialiseVolumes;

    @JsonProperty
    private boolean acceptRestoredDatabase;

    @JsonProperty
    @NotNull
    @Valid
    private Credentials credentials = new Credentials(null, null, null, null);

    /** Absent if keys are only in the local file. */
    @JsonProperty
    private KeystoneSettings keystone;

    @JsonProperty
    @NotNull
    @Valid
    private Roles roles = new Roles(null, null, null);

    /** The owner of objects that others write into a new bucket, and whether ACLs count there. */
    @JsonProperty
    @NotNull
    @Pattern(
            regexp = "BucketOwnerEnforced|BucketOwnerPreferred|ObjectWriter",
            message = "is BucketOwnerEnforced, BucketOwnerPreferred or ObjectWriter")
    private String objectOwnership = ObjectOwnership.BUCKET_OWNER_ENFORCED.text();

    @JsonProperty
    @NotNull
    @Valid
    private Limits limits = new Limits(null, null, null, null);

    /** Quotas of projects and buckets that have none of their own. */
    @JsonProperty
    @NotNull
    @Valid
    private DefaultQuotas quotas = new DefaultQuotas(null, null);

    /** Limits for slow and anonymous clients. */
    @JsonProperty
    @NotNull
    @Valid
    private Clients clients = new Clients(null, null, null, null, null, null);

    /** Absent if only the CORS rules of buckets count. */
    @JsonProperty
    @Valid
    private CorsSettings cors;

    /** Absent if no bucket's website is served. */
    @JsonProperty
    @Valid
    private Websites websites;

    /** Encryption at rest. */
    @JsonProperty
    @NotNull
    @Valid
    private EncryptionSettings encryption = new EncryptionSettings(null, null, null, null);

    /** Notifications of buckets. */
    @JsonProperty
    @NotNull
    @Valid
    private NotificationSettings notifications = new NotificationSettings(null, null, null);

    @JsonProperty
    @NotNull
    @Valid
    private Jobs jobs = new Jobs(null, null, null, null, null);

    /** Ceph's admin API. */
    @JsonProperty
    @NotNull
    @Valid
    private CephAdmin cephAdmin = new CephAdmin(null);

    /** The sweeps of lifecycle rules. */
    @JsonProperty
    @NotNull
    @Valid
    private Lifecycle lifecycle = new Lifecycle(null);

    public String region() {
        return region;
    }

    public SignatureRules signatures() {
        return new SignatureRules(region, credentials.strictRegion, credentials.signatureV2);
    }

    public List<String> domains() {
        return domains;
    }

    public DatabaseSettings database() {
        return database;
    }

    public List<Volume> volumes() {
        return volumes;
    }

    public Credentials credentials() {
        return credentials;
    }

    public Optional<KeystoneSettings> keystone() {
        return Optional.ofNullable(keystone);
    }

    public RoleRules roles() {
        return new RoleRules(roles.admins, roles.writers, roles.readers);
    }

    public BucketRules bucketRules() {
        return new BucketRules(
                region,
                !limits.relaxedBucketNames,
                limits.bucketsPerProject,
                ObjectOwnership.named(objectOwnership).orElseThrow());
    }

    public ObjectRules objectRules() {
        Set<String> classes = volumes.stream()
                .filter(volume -> !volume.transitionsOnly())
                .flatMap(volume -> volume.storageClasses().stream())
                .collect(Collectors.toSet());
        return new ObjectRules(limits.putSize.toBytes(), classes);
    }

    /**
     * All storage classes, each cheaper than those before it: {@code STANDARD}, then the others in the order in which the volumes name
     * them.
     */
    public List<String> storageClasses() {
        return Stream.concat(
                        Stream.of(ObjectFacts.STANDARD),
                        volumes.stream().flatMap(volume -> volume.storageClasses().stream()))
                .distinct()
                .toList();
    }

    /** The storage classes that only the transitions of lifecycle rules write to; clients cannot name them in a request. */
    public Set<String> transitionClasses() {
        return volumes.stream()
                .filter(Volume::transitionsOnly)
                .flatMap(volume -> volume.storageClasses().stream())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    public DefaultQuotas quotas() {
        return quotas;
    }

    /** The CORS rules of all buckets. */
    public CorsRules siteCors() {
        return cors == null ? CorsRules.NONE : cors.rules();
    }

    /** Which requests are for websites. */
    public WebsiteHosts websiteHosts() {
        return websites == null
                ? WebsiteHosts.NONE
                : new WebsiteHosts(
                        websites.domains,
                        websites.port == null ? OptionalInt.empty() : OptionalInt.of(websites.port),
                        domains);
    }

    /** The directories of objects. */
    public List<VolumeSettings> volumeSettings() {
        return volumes.stream()
                .map(volume ->
                        new VolumeSettings(volume.number(), volume.directory(), Set.copyOf(volume.storageClasses())))
                .toList();
    }

    /** The limits for clients, computed from the threads of the server and the heap of this process. */
    public ClientLimits clientLimits() {
        int threads =
                getServerFactory() instanceof DefaultServerFactory server ? server.getMaxThreads() : DEFAULT_THREADS;
        return new ClientLimits(
                clients.minRequestRate.toBytes(),
                clients.minResponseRate.toBytes(),
                clients.patience.toJavaDuration(),
                clients.readerPause.toJavaDuration(),
                clients.anonymousRequests == null ? Math.max(1, threads / 4) : clients.anonymousRequests,
                Math.max(1, threads / 16),
                clients.documentMemory == null
                        ? Runtime.getRuntime().maxMemory() / 4
                        : clients.documentMemory.toBytes());
    }

    /** Bytes that stay free on each volume. */
    public DataSize reserve() {
        return limits.reserve;
    }

    /**
     * Whether an empty directory is made a volume at the start even if there are buckets, instead of being treated as a disk
     * that is not mounted.
     */
    public boolean initialiseVolumes() {
        return initialiseVolumes;
    }

    /**
     * Whether a database that is older than the volumes is trusted from this start on: objects that it does not name are then
     * deleted as orphans.
     */
    public boolean acceptRestoredDatabase() {
        return acceptRestoredDatabase;
    }

    public EncryptionSettings encryption() {
        return encryption;
    }

    public NotificationSettings notifications() {
        return notifications;
    }

    /** Who may read the usage of all projects. */
    public CephAdmin cephAdmin() {
        return cephAdmin;
    }

    public Jobs jobs() {
        return jobs;
    }

    public Lifecycle lifecycle() {
        return lifecycle;
    }

    @ValidationMethod(message = "credentials.order names keystone, so the section keystone must be there")
    public boolean isKeystoneSetWhereNamed() {
        return credentials == null || !credentials.order.contains(Source.KEYSTONE) || keystone != null;
    }

    @ValidationMethod(message = "encryption.kms.barbican is set, so the section keystone must be there")
    public boolean isKeystoneSetForBarbican() {
        return encryption == null || encryption.kms().barbican() == null || keystone != null;
    }

    /** Otherwise one host name would be of S3 and of a website. */
    @ValidationMethod(message = "websites.domains: one of them is, or is below, or is above one of domains")
    public boolean isEachHostOfS3OrOfWebsites() {
        return websites == null
                || domains == null
                || websites.domains.stream()
                        .filter(Objects::nonNull)
                        .noneMatch(website ->
                                domains.stream().filter(Objects::nonNull).anyMatch(s3 -> overlap(website, s3)));
    }

    private static boolean overlap(String domain, String other) {
        String one = domain.toLowerCase(Locale.ROOT);
        String two = other.toLowerCase(Locale.ROOT);
        return one.equals(two) || WebsiteHosts.isBelow(one, two) || WebsiteHosts.isBelow(two, one);
    }

    @ValidationMethod(message = "websites.port: no connector in server.applicationConnectors has this port")
    public boolean isPortForWebsitesOpen() {
        return websites == null
                || websites.port == null
                || !(getServerFactory() instanceof DefaultServerFactory server)
                || server.getApplicationConnectors().stream()
                        .anyMatch(connector ->
                                connector instanceof HttpConnectorFactory http && http.getPort() == websites.port);
    }

    @ValidationMethod(message = "volumes: two of them have one number or one path")
    public boolean isEachVolumeOneOfItsKind() {
        return volumes == null
                || (areDistinct(Volume::number)
                        && areDistinct(
                                volume -> volume.directory().toAbsolutePath().normalize()));
    }

    /** Missing volumes and properties are reported by other constraints. */
    private boolean areDistinct(Function<Volume, ?> property) {
        List<?> values = volumes.stream()
                .filter(volume -> volume != null && volume.number() != null && volume.path() != null)
                .map(property)
                .toList();
        return values.size() == Set.copyOf(values).size();
    }

    @ValidationMethod(
            message = "volumes: none of them takes the storage class " + ObjectFacts.STANDARD + " from clients")
    public boolean isStandardKeptSomewhere() {
        return volumes == null
                || classesOfVolumes(volume -> !volume.transitionsOnly()).contains(ObjectFacts.STANDARD);
    }

    /** Otherwise a PUT that names the class could go to a volume that clients are not to write to. */
    @ValidationMethod(message = "volumes: a storage class is on a volume with transitionsOnly and on one without")
    public boolean isEachClassWrittenInOneWay() {
        return volumes == null
                || Collections.disjoint(
                        classesOfVolumes(Volume::transitionsOnly),
                        classesOfVolumes(volume -> !volume.transitionsOnly()));
    }

    private Set<String> classesOfVolumes(Predicate<Volume> which) {
        return volumes.stream()
                .filter(volume -> volume != null && which.test(volume))
                .flatMap(volume -> volume.storageClasses().stream())
                .filter(Objects::nonNull)
                .collect(Collectors.toSet());
    }

    @ValidationMethod(
            message =
                    "logging.level or a level in logging.loggers is none of OFF, ERROR, WARN, INFO, DEBUG, TRACE, ALL")
    public boolean isEachLogLevelKnown() {
        return !(getLoggingFactory() instanceof DefaultLoggingFactory logging)
                || (isLogLevel(logging.getLevel())
                        && logging.getLoggers().values().stream()
                                .map(logger -> logger.isObject() ? logger.path("level") : logger)
                                .allMatch(level -> level.isMissingNode() || isLogLevel(level.asText())));
    }

    /** YAML reads {@code off} without quotation marks as {@code false}. */
    private static boolean isLogLevel(String level) {
        return LOG_LEVELS.contains(level.toUpperCase(Locale.ROOT)) || level.equals("false");
    }

    /**
     * A directory for objects, usually a disk of its own.
     *
     * @param transitionsOnly whether clients cannot name the storage classes of the volume in a request
     */
    public record Volume(
            @NotNull @Min(0) @Max(65535) Integer number,
            @NotEmpty String path,

            @UniqueElements
            List<
                            @NotNull
                            @Pattern(
                                    regexp = "[A-Za-z0-9_-]{1,64}",
                                    message = "must be 1 to 64 letters, digits, dashes and underscores")
                            String>
                    storageClasses,

            Boolean transitionsOnly) {
        public Volume {
            storageClasses = storageClasses == null ? List.of(ObjectFacts.STANDARD) : storageClasses;
            transitionsOnly = transitionsOnly != null && transitionsOnly;
        }

        Path directory() {
            return Path.of(path);
        }
    }

    /** The sources of access keys. */
    public enum Source {
        LOCAL,
        KEYSTONE
    }

    /** Where access keys are looked up. */
    public record Credentials(
            @NotEmpty @UniqueElements List<@NotNull Source> order,
            Path localFile,
            Boolean signatureV2,
            Boolean strictRegion) {
        public Credentials {
            order = order == null ? List.of(Source.LOCAL) : order;
            signatureV2 = signatureV2 == null || signatureV2;
            strictRegion = strictRegion != null && strictRegion;
        }

        @ValidationMethod(message = "credentials.order names local, so credentials.localFile must be set")
        public boolean isLocalFileSetWhereNamed() {
            return !order.contains(Source.LOCAL)
                    || (localFile != null && !localFile.toString().isEmpty());
        }
    }

    /**
     * Host names and a port for the websites of buckets.
     *
     * @param domains host names below which each bucket has its website
     * @param port of the connector that serves only websites; absent for none
     */
    public record Websites(
            List<
                            @NotNull
                            @Pattern(
                                    regexp = "(?=.*[A-Za-z])[A-Za-z0-9-]+(\\.[A-Za-z0-9-]+)*",
                                    message = "must be a host name without a port")
                            String>
                    domains,

            @Min(1) @Max(65535) Integer port) {
        public Websites {
            domains = domains == null ? List.of() : domains;
        }

        @ValidationMethod(message = "websites: set domains, or port, or both")
        public boolean isReachable() {
            return !domains.isEmpty() || port != null;
        }
    }

    /** Which roles may do what. */
    public record Roles(Set<@NotBlank String> admins, Set<@NotBlank String> writers, Set<@NotBlank String> readers) {
        public Roles {
            admins = admins == null ? RoleRules.standard().admins() : admins;
            writers = writers == null ? RoleRules.standard().writers() : writers;
            readers = readers == null ? RoleRules.standard().readers() : readers;
        }
    }

    /** Limits for buckets, objects and space. */
    public record Limits(
            @Min(0) Integer bucketsPerProject,
            Boolean relaxedBucketNames,
            @MinDataSize(1) DataSize putSize,
            DataSize reserve) {
        public Limits {
            bucketsPerProject = bucketsPerProject == null ? 1_000 : bucketsPerProject;
            relaxedBucketNames = relaxedBucketNames != null && relaxedBucketNames;
            putSize = putSize == null ? DataSize.gibibytes(5) : putSize;
            reserve = reserve == null ? DataSize.gibibytes(1) : reserve;
        }
    }

    /**
     * Quotas of projects and buckets that have none of their own.
     *
     * @param project absent for no limit
     * @param bucket absent for no limit
     */
    public record DefaultQuotas(
            @Valid DefaultQuota project, @Valid DefaultQuota bucket) {

        ProjectQuotas defaults() {
            return new ProjectQuotas(quota(project), quota(bucket));
        }

        private static Quota quota(DefaultQuota set) {
            return set == null
                    ? Quota.UNLIMITED
                    : new Quota(
                            set.bytes == null ? OptionalLong.empty() : OptionalLong.of(set.bytes.toBytes()),
                            set.objects == null ? OptionalLong.empty() : OptionalLong.of(set.objects));
        }
    }

    /**
     * The most that may lie somewhere.
     *
     * @param bytes absent for no limit
     * @param objects absent for no limit
     */
    public record DefaultQuota(
            @MinDataSize(0) DataSize bytes, @Min(0) Long objects) {

        @ValidationMethod(message = "quotas: a quota sets bytes, or objects, or both")
        public boolean isAQuota() {
            return bytes != null || objects != null;
        }
    }

    /**
     * Limits for slow and anonymous clients.
     *
     * @param minRequestRate a second
     * @param minResponseRate a second
     * @param anonymousRequests absent for a quarter of the server's threads
     * @param documentMemory absent for a quarter of the heap
     */
    public record Clients(
            DataSize minRequestRate,
            DataSize minResponseRate,
            @MinDuration(value = 1, unit = TimeUnit.SECONDS) Duration patience,
            @MinDuration(value = 1, unit = TimeUnit.SECONDS) Duration readerPause,
            @Min(1) Integer anonymousRequests,

            @MinDataSize(value = 1, unit = DataSizeUnit.MEBIBYTES)
            DataSize documentMemory) {
        public Clients {
            minRequestRate = minRequestRate == null ? DataSize.kibibytes(1) : minRequestRate;
            minResponseRate = minResponseRate == null ? DataSize.kibibytes(1) : minResponseRate;
            patience = patience == null ? Duration.seconds(30) : patience;
            readerPause = readerPause == null ? Duration.minutes(2) : readerPause;
        }
    }

    /** Work in the background. */
    public record Jobs(
            Boolean enabled,
            @MinDuration(value = 1, unit = TimeUnit.MINUTES) Duration collectAfter,
            @MinDuration(value = 1, unit = TimeUnit.HOURS) Duration sweepAfter,
            @MinDuration(value = 1, unit = TimeUnit.HOURS) Duration scrubEvery,
            @MinDuration(value = 1, unit = TimeUnit.DAYS) Duration keepRequestCounts) {
        public Jobs {
            enabled = enabled == null || enabled;
            collectAfter = collectAfter == null ? Duration.hours(1) : collectAfter;
            sweepAfter = sweepAfter == null ? Duration.hours(24) : sweepAfter;
            scrubEvery = scrubEvery == null ? Duration.days(14) : scrubEvery;
            keepRequestCounts = keepRequestCounts == null ? Duration.days(366) : keepRequestCounts;
        }
    }

    /**
     * Ceph's admin API.
     *
     * @param accessKeys whose users may read the usage of all projects; none if there is no such API
     */
    public record CephAdmin(Set<@NotBlank String> accessKeys) {
        public CephAdmin {
            accessKeys = accessKeys == null ? Set.of() : Set.copyOf(accessKeys);
        }
    }

    /**
     * Lifecycle rules.
     *
     * @param day what their days are; 24 hours but in tests
     */
    public record Lifecycle(
            @MinDuration(value = 1, unit = TimeUnit.SECONDS) @MaxDuration(value = 24, unit = TimeUnit.HOURS)
            Duration day) {
        public Lifecycle {
            day = day == null ? Duration.hours(24) : day;
        }
    }
}
