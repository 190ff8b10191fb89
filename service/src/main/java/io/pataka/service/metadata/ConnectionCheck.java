package io.pataka.service.metadata;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.apache.tomcat.jdbc.pool.PooledConnection;
import org.apache.tomcat.jdbc.pool.Validator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Prepares a connection when it is made, and finds out whether it still works when it is taken out of the pool. A node of a Galera cluster
 * first waits for all writes that the cluster has committed, with each statement, so that it does not matter through which node they came
 * and which node reads.
 */
final class ConnectionCheck implements Validator {

    /**
     * Before reads (1), updates and deletions (2), and insertions (4), which all look at rows that another node may have written. A server
     * that is not in a cluster does not wait.
     *
     * @see <a href="https://mariadb.com/kb/en/galera-cluster-system-variables/#wsrep_sync_wait">wsrep_sync_wait</a>
     */
    private static final String WAIT_FOR_ALL_WRITES = "SET SESSION wsrep_sync_wait = 7";

    /** The server was built without Galera. */
    private static final int UNKNOWN_VARIABLE = 1193;

    private static final Logger LOG = LoggerFactory.getLogger(ConnectionCheck.class);

    private final int seconds;

    /** @param seconds how long the server may take to answer */
    ConnectionCheck(int seconds) {
        this.seconds = seconds;
    }

    @Override
    public boolean validate(Connection connection, int action) {
        try {
            if (action == PooledConnection.VALIDATE_INIT) {
                prepare(connection);
                return true;
            }
            return connection.isValid(seconds);
        } catch (SQLException e) {
            LOG.debug("a connection to the database is not used", e);
            return false;
        }
    }

    /** A node that is not in the cluster, or does not accept statements yet, refuses the second statement. */
    private static void prepare(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            try {
                statement.execute(WAIT_FOR_ALL_WRITES);
            } catch (SQLException e) {
                if (e.getErrorCode() != UNKNOWN_VARIABLE) {
                    throw e;
                }
            }
            statement.execute("SELECT 1");
        }
    }
}
