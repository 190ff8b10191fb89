package io.pataka.service.metadata;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import javax.sql.DataSource;
import org.apache.tomcat.jdbc.pool.DataSourceProxy;
import org.apache.tomcat.jdbc.pool.PooledConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes connections out of the pool. When one of them shows that its server is gone, the others that were made before are closed as well.
 * Otherwise each of them would make a request fail.
 */
final class StaleConnections {

    private static final Logger LOG = LoggerFactory.getLogger(StaleConnections.class);

    private final Optional<DataSourceProxy> pool;

    /** When all connections were closed last, in milliseconds since 1970, as the pool dates its connections. */
    private final AtomicLong closed = new AtomicLong();

    /** @param source closes only the single connection if it is no pool */
    StaleConnections(DataSource source) {
        pool = source instanceof DataSourceProxy proxy ? Optional.of(proxy) : Optional.empty();
    }

    /**
     * Takes a connection out of the pool.
     *
     * @param serverGone whether the others must be expected to fail as well
     */
    void discard(Connection connection, boolean serverGone) {
        Optional<PooledConnection> lost = discard(connection);
        if (serverGone && lost.isPresent() && pool.isPresent()) {
            long last = closed.get();
            // Of several requests that fail at the same time, one closes the connections; those made since are kept.
            if (lost.get().getLastConnected() >= last && closed.compareAndSet(last, System.currentTimeMillis())) {
                pool.get().purge();
            }
        }
    }

    /** Takes only this connection out of the pool. */
    static Optional<PooledConnection> discard(Connection connection) {
        try {
            PooledConnection pooled = connection.unwrap(PooledConnection.class);
            pooled.setDiscarded(true);
            return Optional.of(pooled);
        } catch (SQLException noPool) {
            LOG.debug("the connection is closed already", noPool);
            return Optional.empty();
        }
    }
}
