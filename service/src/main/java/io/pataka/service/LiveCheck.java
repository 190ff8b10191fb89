package io.pataka.service;

import com.codahale.metrics.MetricRegistry;
import io.dropwizard.core.server.ServerFactory;
import io.dropwizard.db.ManagedDataSource;
import io.pataka.keystone.BarbicanSecrets;
import io.pataka.keystone.KeystoneConnection;
import io.pataka.keystone.KeystoneMetrics;
import io.pataka.keystone.KeystoneSettings;
import io.pataka.keystone.ServiceUserCheck;
import io.pataka.service.auth.LocalCredentials;
import io.pataka.service.blob.VolumeInspection;
import io.pataka.service.blob.VolumeInspection.Inspected;
import io.pataka.service.cli.LogFiles;
import io.pataka.service.cli.SettingsCheck;
import io.pataka.service.cli.SettingsCheck.Finding.Outcome;
import io.pataka.service.encryption.KeySource;
import io.pataka.service.encryption.Ring;
import io.pataka.service.encryption.StaticKeys;
import io.pataka.service.http.ConnectorFiles;
import io.pataka.service.http.ListenAddresses;
import io.pataka.service.http.S3ServerDefaults;
import io.pataka.service.http.Validity;
import io.pataka.service.metadata.Database;
import io.pataka.service.metadata.DatabaseFaultException;
import io.pataka.service.metadata.DatabaseProbe;
import io.pataka.service.metadata.DatabaseSettings;
import io.pataka.service.metadata.MetadataUnavailableException;
import io.pataka.service.metadata.Schema;
import io.pataka.service.metadata.SchemaOutdatedException;
import io.pataka.service.metadata.StoreIdentity;
import io.pataka.service.secrets.InvalidSecretFileException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Consumer;

/** Checks everything that a server needs, also while one runs, and changes nothing. */
final class LiveCheck implements SettingsCheck<PatakaConfiguration> {

    private static final Duration SOON = Duration.ofDays(14);

    /**
     * The storage classes of which Amazon's clients expect that they cannot be read at once.
     *
     * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/restoring-objects.html">AWS: restoring an archived object</a>
     */
    private static final Set<String> ARCHIVES = Set.of("GLACIER", "DEEP_ARCHIVE");

    private final Clock clock = Clock.systemUTC();

    @Override
    public void run(PatakaConfiguration settings, Consumer<Finding> findings) {
        server(settings.getServerFactory(), findings);
        logFiles(LogFiles.of(settings.getLoggingFactory()), findings);
        Optional<Store> store = database(settings.database(), findings);
        volumes(settings, store, findings);
        findings.accept(storageClasses(settings));
        settings.encryption().keyRing().ifPresent(file -> keyRing(settings.encryption(), file, findings));
        KmsSettings kms = settings.encryption().kms();
        kms.staticKeys().ifPresent(file -> staticKeys(file, findings));
        if (kms.barbican() != null) {
            barbican(kms.barbican(), settings.keystone().orElseThrow(), findings);
        }
        for (PatakaConfiguration.Source source : settings.credentials().order()) {
            switch (source) {
                case LOCAL -> localFile(settings.credentials().localFile(), findings);
                case KEYSTONE -> keystone(settings.keystone().orElseThrow(), findings);
            }
        }
    }

    private void server(ServerFactory server, Consumer<Finding> findings) {
        try {
            S3ServerDefaults.applyTo(server);
        } catch (IllegalArgumentException unfit) {
            findings.accept(new Finding(Outcome.FAILED, "server", unfit.getMessage()));
            return;
        }
        ListenAddresses addresses = ListenAddresses.of(server);
        var tried = addresses.tried();
        boolean runs = tried.values().stream().anyMatch(Optional::isPresent) && addresses.arePatakas();
        tried.forEach((address, fault) -> findings.accept(
                fault.isEmpty()
                        ? new Finding(Outcome.OK, "port " + address.port(), address + " is free")
                        : runs
                                ? new Finding(
                                        Outcome.WARNING,
                                        "port " + address.port(),
                                        "a Pataka listens on " + address + " already; stop it before you start another")
                                : new Finding(Outcome.FAILED, "port " + address.port(), fault.get())));
        ConnectorFiles.of(server).forEach(pair -> findings.accept(certificate(pair)));
    }

    private Finding certificate(ConnectorFiles.Pair pair) {
        try {
            Validity validity = pair.validity();
            Instant expiry = validity.until();
            Instant now = clock.instant();
            String until = pair.certificate() + " is valid until " + expiry;
            if (validity.isAhead(now)) {
                return new Finding(
                        Outcome.WARNING,
                        "certificate",
                        pair.setting() + ": " + pair.certificate() + " is valid from " + validity.from()
                                + " on. Clients refuse it until then. Check the clock of this machine, or set another"
                                + " certificate");
            }
            if (validity.isOver(now)) {
                // The server starts nevertheless: the files may be renewed while it runs, and other connectors work.
                return new Finding(
                        Outcome.WARNING,
                        "certificate",
                        pair.setting() + ": " + pair.certificate() + " was valid until " + expiry
                                + ". Clients refuse it. Renew it");
            }
            return expiry.isBefore(now.plus(SOON))
                    ? new Finding(Outcome.WARNING, "certificate", pair.setting() + ": " + until + ". Renew it soon")
                    : new Finding(Outcome.OK, "certificate", until + ", and " + pair.privateKey() + " is its key");
        } catch (IOException unfit) {
            return new Finding(Outcome.FAILED, "certificate", unfit.getMessage());
        }
    }

    private static void logFiles(LogFiles files, Consumer<Finding> findings) {
        files.tried()
                .forEach((file, fault) -> findings.accept(fault.map(
                                text -> new Finding(Outcome.FAILED, "log file", text))
                        .orElseGet(() -> new Finding(Outcome.OK, "log file", file.path() + " can be written"))));
    }

    /**
     * What the database has about the volumes.
     *
     * @param hasBuckets whether there are buckets: then a directory without a marker is not a new volume
     */
    private record Store(Optional<UUID> identity, boolean hasBuckets) {}

    private static Optional<Store> database(DatabaseSettings settings, Consumer<Finding> findings) {
        try {
            String release = DatabaseProbe.connect(settings);
            findings.accept(new Finding(Outcome.OK, "database", release + " answers at " + settings.address()));
        } catch (DatabaseFaultException fault) {
            findings.accept(new Finding(Outcome.FAILED, "database", fault.getMessage()));
            findings.accept(new Finding(Outcome.SKIPPED, "schema", "it is in the database"));
            return Optional.empty();
        }
        ManagedDataSource source = settings.open(new MetricRegistry());
        try {
            source.start();
            return schema(new Database(source), findings);
        } catch (MetadataUnavailableException noAnswer) {
            findings.accept(new Finding(Outcome.FAILED, "schema", "the database does not answer any more"));
            return Optional.empty();
        } catch (Exception unforeseen) {
            throw new IllegalStateException(unforeseen);
        } finally {
            stop(source);
        }
    }

    private static void stop(ManagedDataSource source) {
        try {
            source.stop();
        } catch (Exception unforeseen) {
            throw new IllegalStateException(unforeseen);
        }
    }

    private static Optional<Store> schema(Database database, Consumer<Finding> findings) {
        if (!Schema.isCurrent(database)) {
            findings.accept(new Finding(Outcome.FAILED, "schema", new SchemaOutdatedException().getMessage()));
            return Optional.empty();
        }
        findings.accept(new Finding(Outcome.OK, "schema", "has all tables of this release"));
        StoreIdentity identity = new StoreIdentity(database);
        return Optional.of(new Store(identity.find(), identity.hasBuckets()));
    }

    private static void volumes(PatakaConfiguration settings, Optional<Store> store, Consumer<Finding> findings) {
        for (Inspected volume : VolumeInspection.of(settings.volumeSettings())) {
            String subject = "volume " + volume.settings().number();
            switch (volume.state()) {
                case UNUSABLE ->
                    findings.accept(new Finding(
                            Outcome.FAILED,
                            subject,
                            "volumes: " + volume.text() + ". Mount its disk, give it to the user of the service, or set"
                                    + " another path"));
                case NEW -> findings.accept(newVolume(subject, volume.text(), settings.initialiseVolumes(), store));
                case VOLUME -> findings.accept(oldVolume(subject, volume, store));
            }
        }
    }

    private static Finding storageClasses(PatakaConfiguration settings) {
        String classes = String.join(", ", settings.storageClasses());
        Set<String> archives = new TreeSet<>(settings.storageClasses());
        archives.retainAll(ARCHIVES);
        if (!archives.isEmpty()) {
            return new Finding(
                    Outcome.WARNING,
                    "storage classes",
                    "volumes: clients take objects of " + String.join(", ", archives)
                            + " for archived ones and do not read them before RestoreObject, which is refused here. Give the"
                            + " class another name, such as STANDARD_IA or GLACIER_IR");
        }
        Set<String> ofTransitions = settings.transitionClasses();
        String note = ofTransitions.isEmpty()
                ? ""
                : "; only lifecycle rules put objects in " + String.join(", ", ofTransitions);
        return new Finding(Outcome.OK, "storage classes", classes + note);
    }

    private static Finding newVolume(String subject, String text, boolean initialise, Optional<Store> store) {
        if (initialise) {
            return new Finding(Outcome.OK, subject, text + "; the start makes it a volume (initialiseVolumes)");
        }
        if (store.isEmpty()) {
            return new Finding(
                    Outcome.SKIPPED, subject, text + "; whether it may become a volume is known to the database alone");
        }
        return store.get().hasBuckets()
                ? new Finding(
                        Outcome.FAILED,
                        subject,
                        "volumes: " + text + ", and there are buckets. Mount its disk; to add a new volume, set"
                                + " initialiseVolumes for one start")
                : new Finding(Outcome.OK, subject, text + "; the first start makes it a volume");
    }

    private static Finding oldVolume(String subject, Inspected volume, Optional<Store> store) {
        UUID own = volume.store().orElseThrow();
        boolean foreign = store.flatMap(Store::identity)
                .map(described -> !described.equals(own))
                .orElse(store.isPresent() && !store.get().hasBuckets() && volume.used());
        return foreign
                ? new Finding(
                        Outcome.FAILED,
                        subject,
                        "volumes, database.url: "
                                + StoreOpening.otherStore(
                                        volume.settings().path().toString(), own))
                : new Finding(Outcome.OK, subject, volume.text());
    }

    private static void keyRing(EncryptionSettings settings, Path file, Consumer<Finding> findings) {
        try {
            Ring ring = settings.readRing(file);
            findings.accept(new Finding(
                    Outcome.OK,
                    "encryption.keyRing",
                    file + " has the keys " + ring.keys().keySet() + "; " + ring.active() + " is active"));
        } catch (InvalidSecretFileException wrong) {
            findings.accept(new Finding(Outcome.FAILED, "encryption.keyRing", wrong.getMessage()));
        }
    }

    private void localFile(Path file, Consumer<Finding> findings) {
        try {
            LocalCredentials.read(file, clock);
            findings.accept(new Finding(Outcome.OK, "credentials.localFile", file + " is a file of keys"));
        } catch (InvalidSecretFileException wrong) {
            findings.accept(new Finding(
                    Outcome.FAILED,
                    "credentials.localFile",
                    wrong.of("credentials.localFile").getMessage()));
        }
    }

    private static void keystone(KeystoneSettings settings, Consumer<Finding> findings) {
        try (KeystoneConnection keystone = KeystoneConnection.open(settings, KeystoneMetrics.NONE)) {
            for (ServiceUserCheck.Finding finding :
                    keystone.serviceUserCheck().run().findings()) {
                Outcome outcome =
                        !finding.passed() ? Outcome.FAILED : finding.mend().isPresent() ? Outcome.WARNING : Outcome.OK;
                findings.accept(new Finding(outcome, "keystone", finding.toString()));
            }
        } catch (IllegalArgumentException unfit) {
            findings.accept(new Finding(Outcome.FAILED, "keystone", "keystone: " + unfit.getMessage()));
        }
    }

    private void staticKeys(Path file, Consumer<Finding> findings) {
        String setting = "encryption.kms.keysFile";
        try {
            StaticKeys.read(file, KeySource.NONE, clock);
            findings.accept(new Finding(Outcome.OK, setting, file + " is a file of keys"));
        } catch (InvalidSecretFileException wrong) {
            findings.accept(
                    new Finding(Outcome.FAILED, setting, wrong.of(setting).getMessage()));
        }
    }

    private static void barbican(KmsSettings.Barbican settings, KeystoneSettings service, Consumer<Finding> findings) {
        try (KeystoneConnection keystone = KeystoneConnection.open(service, KeystoneMetrics.NONE);
                BarbicanSecrets secrets = keystone.barbican(settings.settings(), KeystoneMetrics.NONE)) {
            findings.accept(secrets.probe()
                    .map(fault -> new Finding(Outcome.FAILED, "barbican", "encryption.kms.barbican: " + fault))
                    .orElseGet(() -> new Finding(Outcome.OK, "barbican", "answers to the service user")));
        } catch (IllegalArgumentException unfit) {
            findings.accept(new Finding(Outcome.FAILED, "barbican", "keystone: " + unfit.getMessage()));
        }
    }
}
