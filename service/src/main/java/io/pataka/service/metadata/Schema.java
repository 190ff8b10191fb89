package io.pataka.service.metadata;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import liquibase.Liquibase;
import liquibase.Scope;
import liquibase.UpdateSummaryOutputEnum;
import liquibase.database.DatabaseFactory;
import liquibase.database.jvm.JdbcConnection;
import liquibase.exception.LiquibaseException;
import liquibase.resource.ClassLoaderResourceAccessor;
import liquibase.ui.LoggerUIService;
import org.jdbi.v3.core.statement.UnableToExecuteStatementException;

/** The schema that this release works with. */
public final class Schema {

    /** The change log, as Dropwizard's {@code db} commands want it named. */
    public static final String CHANGE_LOG = "io/pataka/migrations/changelog.xml";

    /** The newest change set of the change log. */
    public static final String NEWEST = "reported-usage";

    private static final String HAS_NEWEST = "SELECT 1 FROM DATABASECHANGELOG WHERE ID = '" + NEWEST + "'";

    /** No table of this name. */
    private static final int NO_SUCH_TABLE = 1146;

    private Schema() {}

    /** Whether the database has every change set; asked at the start and by health checks. */
    public static boolean isCurrent(Database database) {
        try {
            return database.read(handle -> handle.createQuery(HAS_NEWEST)
                    .mapTo(Integer.class)
                    .findFirst()
                    .isPresent());
        } catch (UnableToExecuteStatementException e) {
            if (Database.errorCode(e).filter(code -> code == NO_SUCH_TABLE).isPresent()) {
                return false;
            }
            throw e;
        }
    }

    /**
     * Brings a database up to date; harmless when it is.
     *
     * @throws SQLException when the database cannot be reached or refuses a change
     */
    public static void migrate(DatabaseSettings settings) throws SQLException {
        try (Connection connection =
                DriverManager.getConnection(settings.url(), settings.user(), settings.password())) {
            if (isCurrent(connection)) {
                return;
            }
            Scope.child(Map.of(Scope.Attr.ui.name(), new LoggerUIService()), () -> {
                var database =
                        DatabaseFactory.getInstance().findCorrectDatabaseImplementation(new JdbcConnection(connection));
                try (Liquibase liquibase = new Liquibase(CHANGE_LOG, new ClassLoaderResourceAccessor(), database)) {
                    liquibase.setShowSummaryOutput(UpdateSummaryOutputEnum.LOG);
                    liquibase.update("");
                }
            });
        } catch (SQLException | RuntimeException e) {
            throw e;
        } catch (LiquibaseException e) {
            throw new SQLException("the schema cannot be brought up to date", e);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** Whether work on the schema failed because the database refused it, or could not be reached. */
    public static boolean isFailureOfTheDatabase(Throwable failure) {
        return failure instanceof SQLException || failure instanceof LiquibaseException;
    }

    /** Spares a server that starts on a database of its own release what Liquibase takes to find that out. */
    private static boolean isCurrent(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(HAS_NEWEST)) {
            return row.next();
        } catch (SQLException e) {
            if (e.getErrorCode() == NO_SUCH_TABLE) {
                return false;
            }
            throw e;
        }
    }
}
