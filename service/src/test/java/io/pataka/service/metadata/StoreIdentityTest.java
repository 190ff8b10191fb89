package io.pataka.service.metadata;

import static org.assertj.core.api.Assertions.assertThat;

import com.codahale.metrics.MetricRegistry;
import io.dropwizard.db.ManagedDataSource;
import io.pataka.service.testing.EmbeddedMariaDb;
import java.util.UUID;
import org.junit.jupiter.api.Test;

final class StoreIdentityTest {

    @Test
    void belongsToTheFirstThatClaimsIt() throws Exception {
        ManagedDataSource source = EmbeddedMariaDb.shared().freshSchema().open(new MetricRegistry());
        source.start();
        try {
            StoreIdentity identity = new StoreIdentity(new Database(source));
            UUID first = UUID.randomUUID();

            assertThat(identity.find()).isEmpty();
            assertThat(identity.claim(first)).isEqualTo(first);
            assertThat(identity.claim(UUID.randomUUID())).isEqualTo(first);
            assertThat(identity.find()).contains(first);
        } finally {
            source.stop();
        }
    }
}
