package io.pataka.service.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.pataka.service.metadata.DatabaseSettings;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class EmbeddedMariaDbTest {

    @Test
    void keepsItsDataOverAStopAndAKill(@TempDir Path home) throws Exception {
        try (EmbeddedMariaDb first = EmbeddedMariaDb.persistent(home)) {
            DatabaseSettings settings = first.schema("pataka");
            run(settings, "CREATE TABLE kept (id INT PRIMARY KEY) ENGINE = InnoDB");
            run(settings, "INSERT INTO kept VALUES (1)");
        }
        EmbeddedMariaDb second = EmbeddedMariaDb.persistent(home);
        run(second.schema("pataka"), "INSERT INTO kept VALUES (2)");
        second.kill();
        try (EmbeddedMariaDb third = EmbeddedMariaDb.persistent(home)) {
            assertThat(count(third.schema("pataka"))).isEqualTo(2);
        }
    }

    @Test
    void livesInAFolderWithABlankInItsName(@TempDir Path folder) throws Exception {
        Path home = folder.resolve("a new home");
        try (EmbeddedMariaDb server = EmbeddedMariaDb.persistent(home)) {
            run(server.schema("pataka"), "CREATE TABLE kept (id INT PRIMARY KEY) ENGINE = InnoDB");
        }
        assertThat(home.resolve("data/pataka/kept.frm")).exists();
        assertThat(home.resolve("mariadb.log")).content().contains("ready for connections");
    }

    private static void run(DatabaseSettings settings, String sql) throws SQLException {
        try (Connection connection = connect(settings);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static int count(DatabaseSettings settings) throws SQLException {
        try (Connection connection = connect(settings);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT COUNT(*) FROM kept")) {
            rows.next();
            return rows.getInt(1);
        }
    }

    private static Connection connect(DatabaseSettings settings) throws SQLException {
        return DriverManager.getConnection(settings.url(), settings.user(), settings.password());
    }
}
