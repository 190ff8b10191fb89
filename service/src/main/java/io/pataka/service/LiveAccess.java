package io.pataka.service;

import com.codahale.metrics.MetricRegistry;
import io.dropwizard.core.setup.Bootstrap;
import io.dropwizard.db.ManagedDataSource;
import io.pataka.service.access.AccessExplainer;
import io.pataka.service.access.AccessExplanation;
import io.pataka.service.access.AccessGate;
import io.pataka.service.access.GranteeDirectory;
import io.pataka.service.cli.AccessOfSettings;
import io.pataka.service.cli.SettingsReader;
import io.pataka.service.metadata.Database;
import io.pataka.service.metadata.MariaDbBucketCatalog;
import io.pataka.service.metadata.MariaDbObjectIndex;
import io.pataka.service.model.Caller;
import io.pataka.service.model.Owner;
import io.pataka.service.protocol.S3Request;
import java.time.Clock;
import java.util.Optional;

/** Explains access as a server with these settings would decide it. It reads the database and changes nothing. */
final class LiveAccess implements AccessOfSettings {

    /** Grantees are looked up only when an ACL is set, which this class does not do. */
    private static final GranteeDirectory NO_GRANTEES = new GranteeDirectory() {
        @Override
        public Optional<Owner> byId(String id) {
            return Optional.empty();
        }

        @Override
        public Optional<Owner> byEmailAddress(String address) {
            return Optional.empty();
        }
    };

    @Override
    public AccessExplanation explain(Bootstrap<?> bootstrap, String settings, S3Request request, Caller caller)
            throws Exception {
        PatakaConfiguration configuration = SettingsReader.read(bootstrap, PatakaConfiguration.class, settings);
        ManagedDataSource source = configuration.database().open(new MetricRegistry());
        source.start();
        Clock clock = Clock.systemUTC();
        Database database = new Database(source);
        try (MariaDbObjectIndex index = new MariaDbObjectIndex(database, clock)) {
            AccessGate gate = new AccessGate(
                    new MariaDbBucketCatalog(database, clock), index, configuration.roles(), NO_GRANTEES, clock);
            return new AccessExplainer(gate).explain(request, caller);
        } finally {
            source.stop();
        }
    }
}
