package io.pataka.service.metadata;

import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;

/** Connects once to the database of the settings, to show an operator whether that is possible. */
public final class DatabaseProbe {

    private static final int LEAST_MAJOR = 10;
    private static final int LEAST_MINOR = 11;

    private DatabaseProbe() {}

    /**
     * @return what answered, such as {@code MariaDB 10.11.6}
     * @throws DatabaseFaultException when nothing answers, the user or the schema is refused, or the release is too old
     */
    public static String connect(DatabaseSettings settings) throws DatabaseFaultException {
        Properties properties = new Properties();
        properties.setProperty("user", settings.user());
        properties.setProperty("password", settings.password());
        String wait = Long.toString(settings.connectTimeout().toMilliseconds());
        properties.setProperty("connectTimeout", wait);
        properties.setProperty(
                "socketTimeout", Long.toString(settings.answerTimeout().toMilliseconds()));
        try (Connection connection = DriverManager.getConnection(settings.url(), properties)) {
            DatabaseMetaData server = connection.getMetaData();
            String release = server.getDatabaseProductName() + " " + server.getDatabaseProductVersion();
            int major = server.getDatabaseMajorVersion();
            if (major < LEAST_MAJOR || (major == LEAST_MAJOR && server.getDatabaseMinorVersion() < LEAST_MINOR)) {
                throw new DatabaseFaultException(
                        "database.url: at " + settings.address() + " is " + release + "; MariaDB " + LEAST_MAJOR + "."
                                + LEAST_MINOR + " or newer is needed",
                        null);
            }
            return release;
        } catch (SQLException refused) {
            throw DatabaseFaultException.of(settings, refused);
        }
    }
}
