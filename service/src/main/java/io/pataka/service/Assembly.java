package io.pataka.service;

import io.dropwizard.core.setup.Environment;
import io.dropwizard.db.ManagedDataSource;
import io.dropwizard.lifecycle.AutoCloseableManager;
import io.dropwizard.lifecycle.ExecutorServiceManager;
import io.pataka.keystone.CredentialResolver;
import io.pataka.keystone.KeystoneConnection;
import io.pataka.keystone.LayeredCredentialResolver;
import io.pataka.service.access.AccessGate;
import io.pataka.service.access.GranteeDirectory;
import io.pataka.service.access.LogTargets;
import io.pataka.service.access.cors.BucketCors;
import io.pataka.service.auth.Authenticator;
import io.pataka.service.auth.LocalCredentials;
import io.pataka.service.auth.PostFormAuthenticator;
import io.pataka.service.blob.BlobInventory;
import io.pataka.service.blob.BlobStore;
import io.pataka.service.blob.BufferPool;
import io.pataka.service.blob.ShardedBlobInventory;
import io.pataka.service.blob.ShardedBlobStore;
import io.pataka.service.blob.Storage;
import io.pataka.service.blob.VolumeSet;
import io.pataka.service.changes.BucketLogs;
import io.pataka.service.changes.ConfiguredChanges;
import io.pataka.service.content.Contents;
import io.pataka.service.content.StorageFailedException;
import io.pataka.service.content.StoredContents;
import io.pataka.service.delivery.Destinations;
import io.pataka.service.delivery.EventDelivery;
import io.pataka.service.delivery.OsloMeters;
import io.pataka.service.encryption.EncryptionWarmUp;
import io.pataka.service.encryption.FileKeyRing;
import io.pataka.service.encryption.KeyRefusedException;
import io.pataka.service.encryption.KeyRing;
import io.pataka.service.encryption.KeysUnavailableException;
import io.pataka.service.encryption.ObjectKeys;
import io.pataka.service.encryption.SecretSeal;
import io.pataka.service.health.DatabaseHealth;
import io.pataka.service.health.DeliveryHealth;
import io.pataka.service.health.JobHealth;
import io.pataka.service.health.KeyRingHealth;
import io.pataka.service.health.KeystoneHealth;
import io.pataka.service.health.KeystoneMeters;
import io.pataka.service.health.LostContentTask;
import io.pataka.service.health.ProjectMeters;
import io.pataka.service.health.Readiness;
import io.pataka.service.health.ServiceUserAnnouncement;
import io.pataka.service.health.StorageHealth;
import io.pataka.service.health.StorageMeters;
import io.pataka.service.health.StoreHealth;
import io.pataka.service.http.AccessLog;
import io.pataka.service.http.BucketAddressing;
import io.pataka.service.http.ClientLimits;
import io.pataka.service.http.CorsHeaders;
import io.pataka.service.http.EarlyReplies;
import io.pataka.service.http.EndpointRegistration;
import io.pataka.service.http.ExchangeRecords;
import io.pataka.service.http.ReadinessFilter;
import io.pataka.service.http.RequestId;
import io.pataka.service.http.S3Endpoint;
import io.pataka.service.http.S3ErrorMapper;
import io.pataka.service.http.S3ErrorMapper.Outage;
import io.pataka.service.http.S3RequestReader;
import io.pataka.service.http.S3ResponseWriter;
import io.pataka.service.http.WebsiteHosts;
import io.pataka.service.job.BlobCollector;
import io.pataka.service.job.BlobInspector;
import io.pataka.service.job.BlobScrubber;
import io.pataka.service.job.ContentAudit;
import io.pataka.service.job.DamageWatch;
import io.pataka.service.job.DeletingJob;
import io.pataka.service.job.EpochRaiser;
import io.pataka.service.job.EventCleanup;
import io.pataka.service.job.EventLimits;
import io.pataka.service.job.ExpiryJob;
import io.pataka.service.job.InventoryJob;
import io.pataka.service.job.Job;
import io.pataka.service.job.JobMeters;
import io.pataka.service.job.JobRunner;
import io.pataka.service.job.KeyRotation;
import io.pataka.service.job.LifecycleActions;
import io.pataka.service.job.LifecycleSweep;
import io.pataka.service.job.LogRoller;
import io.pataka.service.job.OrphanSweeper;
import io.pataka.service.job.PerBucket;
import io.pataka.service.job.StoreCheck;
import io.pataka.service.job.StoreGuard;
import io.pataka.service.job.SweepCounts;
import io.pataka.service.job.TrafficReport;
import io.pataka.service.job.UsageCounter;
import io.pataka.service.metadata.AccountDocuments;
import io.pataka.service.metadata.BlobLedger;
import io.pataka.service.metadata.BucketCatalog;
import io.pataka.service.metadata.BucketTurns;
import io.pataka.service.metadata.BucketUsage;
import io.pataka.service.metadata.ChangeRules;
import io.pataka.service.metadata.DamageLedger;
import io.pataka.service.metadata.Database;
import io.pataka.service.metadata.DatabaseFaultException;
import io.pataka.service.metadata.EarlierClock;
import io.pataka.service.metadata.EventQueue;
import io.pataka.service.metadata.JobPositions;
import io.pataka.service.metadata.LogRolls;
import io.pataka.service.metadata.LostContents;
import io.pataka.service.metadata.MariaDbAccountDocuments;
import io.pataka.service.metadata.MariaDbBlobLedger;
import io.pataka.service.metadata.MariaDbBucketCatalog;
import io.pataka.service.metadata.MariaDbBucketTurns;
import io.pataka.service.metadata.MariaDbContentMoves;
import io.pataka.service.metadata.MariaDbContentRows;
import io.pataka.service.metadata.MariaDbDamageLedger;
import io.pataka.service.metadata.MariaDbEventQueue;
import io.pataka.service.metadata.MariaDbInventoryRows;
import io.pataka.service.metadata.MariaDbJobLeases;
import io.pataka.service.metadata.MariaDbJobPositions;
import io.pataka.service.metadata.MariaDbLifecycleRows;
import io.pataka.service.metadata.MariaDbLogRecords;
import io.pataka.service.metadata.MariaDbLogRolls;
import io.pataka.service.metadata.MariaDbObjectIndex;
import io.pataka.service.metadata.MariaDbQuotas;
import io.pataka.service.metadata.MariaDbReportedUsage;
import io.pataka.service.metadata.MariaDbRequestUsage;
import io.pataka.service.metadata.MariaDbSealedRows;
import io.pataka.service.metadata.MariaDbTopics;
import io.pataka.service.metadata.MariaDbUploadLedger;
import io.pataka.service.metadata.MariaDbVersionLocks;
import io.pataka.service.metadata.MetadataUnavailableException;
import io.pataka.service.metadata.ObjectIndex;
import io.pataka.service.metadata.ProjectBusyException;
import io.pataka.service.metadata.Quotas;
import io.pataka.service.metadata.RequestUsage;
import io.pataka.service.metadata.Schema;
import io.pataka.service.metadata.SchemaOutdatedException;
import io.pataka.service.metadata.StoreIdentity;
import io.pataka.service.metadata.Topics;
import io.pataka.service.metadata.UploadLedger;
import io.pataka.service.model.Bucket;
import io.pataka.service.model.StoredForm;
import io.pataka.service.objects.BucketRetry;
import io.pataka.service.objects.LogObjects;
import io.pataka.service.objects.ObjectBytes;
import io.pataka.service.objects.ObjectCopier;
import io.pataka.service.objects.ObjectRemover;
import io.pataka.service.objects.ObjectWriter;
import io.pataka.service.objects.ServiceObjects;
import io.pataka.service.objects.StorageClassMover;
import io.pataka.service.operation.BodyIntake;
import io.pataka.service.operation.CopySources;
import io.pataka.service.operation.LifecycleHeaders;
import io.pataka.service.operation.LogFlush;
import io.pataka.service.operation.ObjectEncryption;
import io.pataka.service.operation.OperationCatalog;
import io.pataka.service.operation.ReadableContent;
import io.pataka.service.operation.absent.AbsentConfigurations;
import io.pataka.service.operation.acl.AclOperations;
import io.pataka.service.operation.bucket.BucketOperations;
import io.pataka.service.operation.bucket.BucketRules;
import io.pataka.service.operation.copy.CopyOperations;
import io.pataka.service.operation.cors.CorsOperations;
import io.pataka.service.operation.encryption.EncryptionOperations;
import io.pataka.service.operation.form.FormOperations;
import io.pataka.service.operation.inventory.InventoryOperations;
import io.pataka.service.operation.lifecycle.LifecycleOperations;
import io.pataka.service.operation.listing.ListingOperations;
import io.pataka.service.operation.lock.LockOperations;
import io.pataka.service.operation.logging.LoggingOperations;
import io.pataka.service.operation.multipart.MultipartOperations;
import io.pataka.service.operation.multipart.MultipartRules;
import io.pataka.service.operation.notification.NotificationOperations;
import io.pataka.service.operation.object.ObjectOperations;
import io.pataka.service.operation.object.ObjectRules;
import io.pataka.service.operation.payment.PaymentOperations;
import io.pataka.service.operation.policy.PolicyOperations;
import io.pataka.service.operation.publicaccess.PublicAccessOperations;
import io.pataka.service.operation.service.AdminApi;
import io.pataka.service.operation.service.ServiceOperations;
import io.pataka.service.operation.tagging.TaggingOperations;
import io.pataka.service.operation.topic.TopicOperations;
import io.pataka.service.operation.versioning.VersioningOperations;
import io.pataka.service.operation.website.BucketWebsites;
import io.pataka.service.operation.website.WebsiteOperations;
import io.pataka.service.protocol.OperationRouter;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.secrets.InvalidSecretFileException;
import io.pataka.service.traffic.RequestBooks;
import io.pataka.service.traffic.RequestLog;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes all objects of the server, without a framework. Objects with threads, files or connections start and stop with the
 * server; stopping first waits for running requests.
 */
final class Assembly {

    private static final Logger LOG = LoggerFactory.getLogger(Assembly.class);

    private static final long DAMAGE_INTERVAL_SECONDS = 3;
    private static final long USAGE_INTERVAL_SECONDS = 60;

    private static final long LOG_INTERVAL_MILLIS = 500;

    private static final long BOOKS_INTERVAL_SECONDS = 20;

    /** What was reported of counts is kept until the counts are surely deleted, so that nothing is reported again. */
    private static final Duration REPORTS_LONGER = Duration.ofDays(2);

    /** How long a task that runs in the background may go on when the server ends. */
    private static final io.dropwizard.util.Duration GRACE = io.dropwizard.util.Duration.seconds(5);

    private final PatakaConfiguration configuration;
    private final Environment environment;
    private final Clock clock = Clock.systemUTC();

    private Assembly(PatakaConfiguration configuration, Environment environment) {
        this.configuration = configuration;
        this.environment = environment;
    }

    /**
     * Makes all objects of the server. The caller registers the endpoint with the environment.
     *
     * @throws IOException when a volume does not match the settings, or the database does not have this release's schema
     */
    static EndpointRegistration of(PatakaConfiguration configuration, Environment environment) throws IOException {
        return new Assembly(configuration, environment).assemble();
    }

    private EndpointRegistration assemble() throws IOException {
        warmUpEncryption();
        Database database = database();
        MariaDbBucketCatalog buckets = new MariaDbBucketCatalog(database, clock);
        AccountDocuments accounts = new MariaDbAccountDocuments(database, buckets::forgetOwnersDocuments);
        BucketUsage usage = new BucketUsage(database, clock);
        Quotas quotas = new MariaDbQuotas(
                database, buckets, accounts, usage, configuration.quotas().defaults(), clock);
        LogTargets logTargets = new LogTargets(buckets, clock);
        String region = configuration.bucketRules().region();
        BucketLogs logs = new BucketLogs(buckets, logTargets, quotas, region, clock);
        ChangeRules rules = new ConfiguredChanges(buckets, region, RequestId.node(), clock).and(logs);
        MariaDbObjectIndex index = index(database, rules, quotas);
        BufferPool<byte[]> buffers = BufferPool.ofArrays();
        VolumeSet volumes = volumes(database);
        BlobStore store = new ShardedBlobStore(volumes, buffers);
        BlobInventory inventory = new ShardedBlobInventory(volumes);
        Contents contents = new StoredContents(store, buffers, clock);
        LostContents lost = new LostContents();
        UploadLedger uploads = new MariaDbUploadLedger(database, index, clock);
        Identities identities = identities();
        BucketCors cors = new BucketCors(buckets, configuration.siteCors());
        KeyManagers managers =
                KeyManagers.open(configuration.encryption().kms(), identities.keystone(), environment, clock);
        KeyRing ring = keyRing(managers);
        ObjectKeys keys = new ObjectKeys(ring, managers.source());
        ObjectEncryption encryption =
                new ObjectEncryption(keys, buckets, configuration.encryption().rules());
        RequestUsage requestUsage = new MariaDbRequestUsage(database);
        RequestBooks books = requestBooks(requestUsage);
        LogRolls rolls = new MariaDbLogRolls(database);
        ServiceObjects serviceObjects = new ServiceObjects(contents, new ObjectWriter(index, new BucketRetry(buckets)));
        LogObjects logObjects = logObjects(rolls, serviceObjects, encryption);
        RequestLog requestLog = requestLog(database, buckets, logs);
        LogFlush flush = new LogFlush(buckets, logs, logObjects, requestLog::drain);
        OperationCatalog operations = operations(
                buckets,
                accounts,
                cors,
                index,
                uploads,
                contents,
                lost,
                encryption,
                database,
                rules,
                quotas,
                books,
                identities.grantees(),
                logs,
                flush);
        new LoggingOperations(buckets, logs, logTargets, flush, clock).register(operations);
        Topics topics = new MariaDbTopics(database);
        new NotificationOperations(buckets, topics).register(operations);
        new TopicOperations(
                        topics,
                        new SecretSeal(keys),
                        configuration.notifications().topicRules(configuration.region()))
                .register(operations);
        LifecycleSweep lifecycle = lifecycle(database, rules, buckets, index, uploads, contents, requestLog);
        InventoryJob inventories = new InventoryJob(
                new MariaDbInventoryRows(database),
                buckets,
                index,
                serviceObjects,
                encryption::ofService,
                quotas,
                clock);
        LogRoller roller = new LogRoller(rolls, logObjects);
        jobs(database, index, uploads, store, inventory, volumes, ring, keys, lifecycle, inventories, roller);
        eventDelivery(database, new SecretSeal(keys));
        damageWatch(database, store, inventory, lost);
        return endpoint(
                volumes,
                new Authenticator(
                        new LayeredCredentialResolver(identities.resolvers()), configuration.signatures(), clock),
                new AccessGate(buckets, index, configuration.roles(), identities.grantees(), clock),
                cors,
                new BucketWebsites(buckets),
                new AdminApi(buckets, books, configuration.cephAdmin().accessKeys(), clock),
                operations,
                requestLog,
                books,
                projectMeters(usage));
    }

    @SuppressWarnings("FutureReturnValueIgnored") // The books log their failures.
    private RequestBooks requestBooks(RequestUsage usage) {
        RequestBooks books = new RequestBooks(usage, clock);
        environment.lifecycle().manage(new AutoCloseableManager(books::write));
        repeating("request-books", 1)
                .scheduleWithFixedDelay(books::write, BOOKS_INTERVAL_SECONDS, BOOKS_INTERVAL_SECONDS, TimeUnit.SECONDS);
        return books;
    }

    /** Written on every node, and for a last time when the server stops. */
    @SuppressWarnings("FutureReturnValueIgnored") // The log logs its failures.
    private RequestLog requestLog(Database database, BucketCatalog buckets, BucketLogs logs) {
        RequestLog log = new RequestLog(buckets, logs.accessLogs(), new MariaDbLogRecords(database));
        environment.metrics().registerGauge("pataka.logging.written", log::written);
        environment.metrics().registerGauge("pataka.logging.dropped", log::dropped);
        environment.metrics().registerGauge("pataka.logging.waiting", log::waiting);
        environment.lifecycle().manage(new AutoCloseableManager(log::write));
        repeating("request-log", 1)
                .scheduleWithFixedDelay(log::write, LOG_INTERVAL_MILLIS, LOG_INTERVAL_MILLIS, TimeUnit.MILLISECONDS);
        return log;
    }

    private static LogObjects logObjects(LogRolls rolls, ServiceObjects objects, ObjectEncryption encryption) {
        return new LogObjects(
                rolls,
                objects,
                LogRoller::permit,
                bucket -> formOfNew(encryption, bucket),
                UUID.randomUUID().toString());
    }

    private static StoredForm formOfNew(ObjectEncryption encryption, Bucket bucket) throws IOException {
        try {
            return encryption.ofService(bucket, Optional.empty());
        } catch (KeyRefusedException refused) {
            throw new IOException(
                    "an object of the service cannot be encrypted as the bucket or the settings say", refused);
        }
    }

    /** Whatever the settings say, since SSE-C needs no settings. */
    private void warmUpEncryption() {
        Thread thread = new Thread(new EncryptionWarmUp(), "encryption-warm-up");
        thread.setDaemon(true);
        environment.lifecycle().addServerLifecycleListener(server -> thread.start());
    }

    private Database database() throws SchemaOutdatedException, DatabaseFaultException {
        ManagedDataSource source = configuration.database().open(environment.metrics());
        environment.lifecycle().manage(source);
        Database database = new Database(source, configuration.database().shares());
        environment.healthChecks().register("database", new DatabaseHealth(database));
        requireSchema(database);
        return database;
    }

    private void requireSchema(Database database) throws SchemaOutdatedException, DatabaseFaultException {
        try {
            if (!Schema.isCurrent(database)) {
                throw new SchemaOutdatedException();
            }
        } catch (MetadataUnavailableException noAnswer) {
            Optional<DatabaseFaultException> refusal =
                    DatabaseFaultException.refusal(configuration.database(), noAnswer);
            if (refusal.isPresent()) {
                throw refusal.get();
            }
            LOG.warn(
                    "Requests get 503 until the database answers: {}",
                    noAnswer.getCause().getMessage());
            database.checkFirst(() -> {
                if (!Schema.isCurrent(database)) {
                    throw new MetadataUnavailableException(SchemaOutdatedException.MESSAGE, null);
                }
            });
        }
    }

    private MariaDbObjectIndex index(Database database, ChangeRules rules, Quotas quotas) {
        MariaDbObjectIndex index = new MariaDbObjectIndex(database, clock, rules, quotas);
        environment.lifecycle().manage(new AutoCloseableManager(index));
        environment.metrics().registerGauge("pataka.lock.refused", index::refusedByLocks);
        return index;
    }

    private VolumeSet volumes(Database database) throws IOException {
        long reserve = configuration.reserve().toBytes();
        VolumeSet volumes = new StoreOpening(database)
                .open(configuration.volumeSettings(), configuration.initialiseVolumes(), reserve);
        if (configuration.acceptRestoredDatabase()) {
            LOG.warn("acceptRestoredDatabase is set: objects that the database does not name will be deleted");
            new StoreIdentity(database).raiseTo(volumes.epoch());
        }
        environment.healthChecks().register("volumes", new StorageHealth(volumes, reserve));
        new StorageMeters(volumes, environment.metrics()).register();
        probe(volumes);
        return volumes;
    }

    /** A thread for each volume, because a call to a disk that hangs does not return. */
    @SuppressWarnings("FutureReturnValueIgnored") // A tick records a failure in the state of its volume.
    private void probe(VolumeSet volumes) {
        ScheduledExecutorService threads =
                repeating("volume-probe", volumes.numbers().size());
        long interval = VolumeSet.tickInterval().toMillis();
        for (int number : volumes.numbers()) {
            threads.scheduleWithFixedDelay(() -> volumes.tick(number), interval, interval, TimeUnit.MILLISECONDS);
        }
    }

    private KeyRing keyRing(KeyManagers managers) {
        Optional<Path> file = configuration.encryption().keyRing();
        if (file.isEmpty()) {
            return KeyRing.NONE;
        }
        configuration.encryption().readRing(file.get());
        FileKeyRing ring = FileKeyRing.open(file.get(), managers::operatorsKey, clock);
        environment.healthChecks().register("key-ring", new KeyRingHealth(ring::fault));
        return ring;
    }

    private LifecycleSweep lifecycle(
            Database database,
            ChangeRules rules,
            BucketCatalog buckets,
            ObjectIndex index,
            UploadLedger uploads,
            Contents contents,
            RequestLog requestLog) {
        BucketRetry retry = new BucketRetry(buckets);
        ObjectCopier copier = new ObjectCopier(
                new ObjectWriter(index, retry),
                new ObjectBytes(index, contents),
                contents,
                new MariaDbBlobLedger(database));
        LifecycleActions actions = new LifecycleActions(
                index,
                new ObjectRemover(index, retry),
                new StorageClassMover(index, new MariaDbContentMoves(database, rules), copier, retry),
                uploads,
                new SweepCounts(),
                requestLog,
                clock);
        return new LifecycleSweep(
                new MariaDbLifecycleRows(database),
                uploads,
                actions,
                configuration.lifecycle().day().toJavaDuration(),
                configuration.storageClasses(),
                new EarlierClock(database, clock));
    }

    private void jobs(
            Database database,
            ObjectIndex index,
            UploadLedger uploads,
            BlobStore store,
            BlobInventory inventory,
            Storage storage,
            KeyRing ring,
            ObjectKeys keys,
            LifecycleSweep lifecycle,
            InventoryJob inventories,
            LogRoller roller) {
        PatakaConfiguration.Jobs settings = configuration.jobs();
        if (!settings.enabled()) {
            return;
        }
        BlobLedger ledger = new MariaDbBlobLedger(database);
        Duration age = settings.sweepAfter().toJavaDuration();
        DamageLedger damage = new MariaDbDamageLedger(database);
        BlobInspector inspector = new BlobInspector(store, inventory, ledger, damage);
        BlobCollector collector = new BlobCollector(
                ledger, damage, store, inspector, settings.collectAfter().toJavaDuration());
        OrphanSweeper sweeper = new OrphanSweeper(ledger, store, inventory, clock, age, age);
        Duration round = settings.scrubEvery().toJavaDuration();
        JobPositions positions = new MariaDbJobPositions(database);
        BlobScrubber scrubber = new BlobScrubber(inventory, inspector, positions, round);
        ContentAudit audit =
                new ContentAudit(new MariaDbContentRows(database), positions, store, inspector, ledger, damage, round);
        KeyRotation rotation = new KeyRotation(new MariaDbSealedRows(database), positions, ring, keys, clock);
        StoreGuard guard = new StoreGuard(new StoreIdentity(database), storage);
        environment.healthChecks().register("store", new StoreHealth(guard::doubt));
        String holder = UUID.randomUUID().toString();
        BucketTurns turns = new MariaDbBucketTurns(database);
        List<Job> jobs = new ArrayList<>(List.of(
                new StoreCheck(guard),
                new EpochRaiser(guard),
                new PerBucket(new UsageCounter(new BucketUsage(database, clock), clock), turns, holder),
                new PerBucket(lifecycle, turns, holder),
                new PerBucket(inventories, turns, holder),
                new DeletingJob(collector, guard),
                new DeletingJob(sweeper, guard),
                scrubber,
                audit,
                rotation,
                roller,
                new ExpiryJob("upload-expiry", uploads::expireCompleted),
                new ExpiryJob("rename-expiry", index::expireRenames),
                new ExpiryJob(
                        "request-count-expiry",
                        settings.keepRequestCounts().toJavaDuration(),
                        new MariaDbRequestUsage(database)::expire),
                new ExpiryJob(
                        "reported-count-expiry",
                        settings.keepRequestCounts().toJavaDuration().plus(REPORTS_LONGER),
                        new MariaDbReportedUsage(database)::expire),
                new EventCleanup(new MariaDbTopics(database)),
                new EventLimits(
                        new MariaDbEventQueue(database),
                        configuration.notifications().delivery().eventsPerTopic())));
        trafficReport(database, positions).ifPresent(jobs::add);
        JobRunner runner = new JobRunner(jobs, new MariaDbJobLeases(database), holder, clock);
        JobMeters meters = new JobMeters(environment.metrics());
        meters.register(collector, sweeper, scrubber, audit, ledger);
        meters.register(rotation);
        meters.register(lifecycle, turns);
        meters.register(inventories, turns);
        meters.register(roller);
        meters.register(runner);
        environment.healthChecks().register("jobs", new JobHealth(runner::failing));
        environment.lifecycle().manage(new AutoCloseableManager(runner));
        environment.lifecycle().addServerLifecycleListener(server -> runner.start());
    }

    private Optional<Job> trafficReport(Database database, JobPositions positions) {
        DeliverySettings settings = configuration.notifications().delivery();
        return settings.osloNotifications(publisher())
                .filter(oslo -> settings.sendsMeters())
                .map(oslo -> {
                    OsloMeters meters = new OsloMeters(oslo, settings.guard(), settings.authorities(), clock);
                    environment.lifecycle().manage(new AutoCloseableManager(meters));
                    return new TrafficReport(new MariaDbReportedUsage(database), positions, meters::send, clock);
                });
    }

    private static String publisher() {
        return "pataka." + RequestId.node();
    }

    /** On every node that runs jobs. */
    private void eventDelivery(Database database, SecretSeal seal) throws IOException {
        EventQueue queue = new MariaDbEventQueue(database);
        new JobMeters(environment.metrics()).register(queue);
        if (!configuration.jobs().enabled()) {
            return;
        }
        DeliverySettings settings = configuration.notifications().delivery();
        EventDelivery delivery = new EventDelivery(
                queue,
                new Destinations(settings.guard(), settings.authorities(), settings.osloNotifications(publisher())),
                seal,
                configuration.region(),
                settings.rules(),
                UUID.randomUUID().toString(),
                environment.metrics());
        environment.healthChecks().register("notifications", new DeliveryHealth(delivery::fault));
        environment.lifecycle().manage(new AutoCloseableManager(delivery));
        environment.lifecycle().addServerLifecycleListener(server -> delivery.start());
    }

    /** On every node, whether it runs jobs or not. */
    @SuppressWarnings("FutureReturnValueIgnored") // The watch logs its failures.
    private void damageWatch(Database database, BlobStore store, BlobInventory inventory, LostContents lost) {
        BlobLedger ledger = new MariaDbBlobLedger(database);
        DamageLedger damage = new MariaDbDamageLedger(database);
        new JobMeters(environment.metrics()).register(damage);
        environment.admin().addTask(new LostContentTask(damage));
        ScheduledExecutorService threads = repeating("damage-watch", 2);
        BlobInspector inspector = new BlobInspector(store, inventory, ledger, damage);
        DamageWatch watch = new DamageWatch(lost, inspector, ledger, damage);
        threads.scheduleWithFixedDelay(watch::learn, 0, DAMAGE_INTERVAL_SECONDS, TimeUnit.SECONDS);
        threads.scheduleWithFixedDelay(watch::inspect, 0, DAMAGE_INTERVAL_SECONDS, TimeUnit.SECONDS);
    }

    private OperationCatalog operations(
            BucketCatalog buckets,
            AccountDocuments accounts,
            BucketCors cors,
            MariaDbObjectIndex index,
            UploadLedger uploads,
            Contents contents,
            LostContents lost,
            ObjectEncryption encryption,
            Database database,
            ChangeRules rules,
            Quotas quotas,
            RequestBooks books,
            GranteeDirectory grantees,
            BucketLogs logs,
            LogFlush flush) {
        OperationCatalog catalog = new OperationCatalog();
        BucketRules bucketRules = configuration.bucketRules();
        new ServiceOperations(buckets, quotas, books, bucketRules.region(), bucketRules.perOwner()).register(catalog);
        new BucketOperations(buckets, accounts, bucketRules, quotas, grantees, logs, flush).register(catalog);
        new AclOperations(buckets, index, grantees).register(catalog);
        ReadableContent readable = new ReadableContent(lost);
        LifecycleHeaders lifecycle = new LifecycleHeaders(buckets);
        new ObjectOperations(
                        buckets, index, contents, readable, configuration.objectRules(), encryption, lifecycle, quotas)
                .register(catalog);
        new ListingOperations(index, uploads).register(catalog);
        new TaggingOperations(buckets, index).register(catalog);
        new VersioningOperations(buckets).register(catalog);
        new CorsOperations(buckets, cors).register(catalog);
        new PolicyOperations(buckets, clock).register(catalog);
        new PublicAccessOperations(buckets, accounts).register(catalog);
        new PaymentOperations(buckets).register(catalog);
        new EncryptionOperations(
                        buckets, index, encryption, configuration.encryption().rules())
                .register(catalog);
        new LockOperations(buckets, index, new MariaDbVersionLocks(database, rules)).register(catalog);
        new LifecycleOperations(buckets, configuration.storageClasses()).register(catalog);
        new WebsiteOperations(buckets).register(catalog);
        new InventoryOperations(buckets).register(catalog);
        new AbsentConfigurations().register(catalog);
        multipartAndCopies(
                buckets, index, uploads, contents, readable, encryption, lifecycle, database, quotas, catalog);
        return catalog;
    }

    private void multipartAndCopies(
            BucketCatalog buckets,
            ObjectIndex index,
            UploadLedger uploads,
            Contents contents,
            ReadableContent readable,
            ObjectEncryption encryption,
            LifecycleHeaders lifecycle,
            Database database,
            Quotas quotas,
            OperationCatalog catalog) {
        ObjectRules rules = configuration.objectRules();
        BucketRetry retry = new BucketRetry(buckets);
        CopySources sources = new CopySources(index, readable, encryption);
        BlobLedger blobs = new MariaDbBlobLedger(database);
        ObjectWriter writer = new ObjectWriter(index, retry);
        ObjectCopier copier = new ObjectCopier(writer, new ObjectBytes(index, contents), contents, blobs);
        new MultipartOperations(
                        uploads,
                        index,
                        new BodyIntake(contents, quotas, rules.maxPutSize()),
                        sources,
                        copier,
                        readable,
                        retry,
                        encryption,
                        lifecycle,
                        new MultipartRules(rules.storageClasses(), rules.maxPutSize()),
                        quotas)
                .register(catalog);
        new CopyOperations(sources, copier, readable, encryption, lifecycle, rules.storageClasses()).register(catalog);
        new FormOperations(
                        new BodyIntake(contents, quotas, rules.maxPutSize()),
                        writer,
                        encryption,
                        lifecycle,
                        rules.storageClasses())
                .register(catalog);
    }

    /**
     * The resolvers of access keys, and the directory of grantees.
     *
     * @param keystone present if the settings use it for access keys or for keys of SSE-KMS
     */
    private record Identities(
            List<CredentialResolver> resolvers, GranteeDirectory grantees, Optional<KeystoneConnection> keystone) {}

    private Identities identities() {
        List<CredentialResolver> resolvers = new ArrayList<>();
        Optional<LocalCredentials> local = Optional.empty();
        Optional<KeystoneConnection> keystone = Optional.empty();
        for (PatakaConfiguration.Source source : configuration.credentials().order()) {
            switch (source) {
                case LOCAL -> {
                    local = Optional.of(localCredentials());
                    resolvers.add(local.get());
                }
                case KEYSTONE -> {
                    keystone = Optional.of(keystone());
                    resolvers.add(keystone.get().resolver());
                }
            }
        }
        GranteeDirectory grantees = new KnownGrantees(local, keystone.map(KeystoneConnection::directory));
        if (keystone.isEmpty() && configuration.encryption().kms().barbican() != null) {
            keystone = Optional.of(keystone());
        }
        return new Identities(resolvers, grantees, keystone);
    }

    private LocalCredentials localCredentials() {
        try {
            return LocalCredentials.read(configuration.credentials().localFile(), clock);
        } catch (InvalidSecretFileException wrong) {
            throw wrong.of("credentials.localFile");
        }
    }

    private KeystoneConnection keystone() {
        KeystoneConnection keystone = KeystoneConnection.open(
                configuration.keystone().orElseThrow(), KeystoneMeters.ofKeystone(environment.metrics()));
        environment.healthChecks().register("keystone", new KeystoneHealth(keystone));
        environment.metrics().registerGauge("pataka.keystone.cache.keys", keystone::keysHeld);
        environment.lifecycle().manage(new AutoCloseableManager(keystone));
        environment.lifecycle().manage(new ServiceUserAnnouncement(keystone.serviceUserCheck()));
        return keystone;
    }

    private EndpointRegistration endpoint(
            Storage storage,
            Authenticator authenticator,
            AccessGate gate,
            BucketCors cors,
            BucketWebsites websites,
            AdminApi admin,
            OperationCatalog operations,
            RequestLog requestLog,
            RequestBooks books,
            ProjectMeters projects) {
        BucketAddressing addressing = new BucketAddressing(configuration.domains());
        WebsiteHosts websiteHosts = configuration.websiteHosts();
        S3RequestReader reader = new S3RequestReader(new OperationRouter(), addressing);
        S3ErrorMapper errors = new S3ErrorMapper(List.of(
                new Outage(ProjectBusyException.class, S3Error.SLOW_DOWN, Duration.ofSeconds(1)),
                new Outage(MetadataUnavailableException.class, S3Error.SERVICE_UNAVAILABLE, Duration.ofSeconds(2)),
                new Outage(KeysUnavailableException.class, S3Error.SERVICE_UNAVAILABLE, Duration.ofSeconds(5)),
                new Outage(StorageFailedException.class, S3Error.SERVICE_UNAVAILABLE, Duration.ofSeconds(10))));
        ClientLimits limits = configuration.clientLimits();
        S3ResponseWriter writer =
                new S3ResponseWriter(configuration.bucketRules().region(), limits);
        CorsHeaders corsHeaders = new CorsHeaders(cors);
        S3Endpoint endpoint = new S3Endpoint(
                reader,
                authenticator,
                new PostFormAuthenticator(authenticator, clock),
                gate,
                operations,
                websiteHosts,
                websites,
                admin,
                corsHeaders,
                limits,
                earlyReplies(corsHeaders, writer),
                writer,
                errors,
                new ExchangeRecords(requestLog, books, clock));
        return new EndpointRegistration(
                endpoint,
                new AccessLog(clock),
                limits,
                new ReadinessFilter(addressing, websiteHosts, () -> Readiness.obstacle(storage.takesWrites())),
                List.of(projects));
    }

    /** On every node, whether it runs jobs or not. */
    @SuppressWarnings("FutureReturnValueIgnored") // A database that does not answer is passed over.
    private ProjectMeters projectMeters(BucketUsage usage) {
        ProjectMeters meters = new ProjectMeters(usage);
        repeating("project-meters", 1)
                .scheduleWithFixedDelay(meters::read, 0, USAGE_INTERVAL_SECONDS, TimeUnit.SECONDS);
        return meters;
    }

    /** Uses a few threads. Each waits for a slow client at most as long as its connection may be idle. */
    private EarlyReplies earlyReplies(CorsHeaders cors, S3ResponseWriter writer) {
        return new EarlyReplies(repeating("early-reply", 4), cors, writer, Duration.ofSeconds(10));
    }

    /** Threads that end with the server. */
    private ScheduledExecutorService repeating(String name, int threads) {
        RepeatedTasks tasks = new RepeatedTasks(name, threads);
        environment.lifecycle().manage(new ExecutorServiceManager(tasks, GRACE, name));
        return tasks;
    }
}
