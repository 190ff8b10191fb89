package io.pataka.service.metadata;

import static org.assertj.core.api.Assertions.assertThat;

import io.pataka.service.testing.EmbeddedMariaDb;
import org.junit.jupiter.api.Test;

final class SchemaTest {

    @Test
    void namesTheNewestChangeSet() {
        try (MetadataTestBed bed = new MetadataTestBed()) {
            assertThat(bed.database.<String>read(handle -> handle.createQuery(
                                    "SELECT ID FROM DATABASECHANGELOG ORDER BY ORDEREXECUTED DESC LIMIT 1")
                            .mapTo(String.class)
                            .one()))
                    .isEqualTo(Schema.NEWEST);
            assertThat(Schema.isCurrent(bed.database)).isTrue();
            bed.database.write(handle -> handle.execute("DELETE FROM DATABASECHANGELOG WHERE ID = ?", Schema.NEWEST));
            assertThat(Schema.isCurrent(bed.database)).isFalse();
        }
    }

    @Test
    void isBroughtUpToDateAgainAndAgain() {
        DatabaseSettings settings = EmbeddedMariaDb.shared().schema("test_migrated_twice");
        assertThat(EmbeddedMariaDb.shared().schema("test_migrated_twice")).isEqualTo(settings);
    }

    @Test
    void settingsDoNotShowThePassword() {
        assertThat(new DatabaseSettings("jdbc:mariadb://h/s", "u", "secret-word").toString())
                .doesNotContain("secret-word");
    }
}
