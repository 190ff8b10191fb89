package io.pataka.service.metadata;

import java.net.SocketTimeoutException;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import javax.sql.DataSource;
import org.jdbi.v3.core.ConnectionException;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.SqlStatements;
import org.jdbi.v3.core.statement.TemplateEngine;

/**
 * Runs statements and transactions on MariaDB. Deadlocks and lost races run again as a whole, a bounded number of times; a
 * database that does not answer becomes {@link MetadataUnavailableException}.
 */
public final class Database {

    private static final int ATTEMPTS = 20;

    /** After this time nothing is tried again. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /** A proxy finds out within about a second that a server refuses statements. */
    private static final Duration REFUSED_PAUSE = Duration.ofMillis(300);

    /**
     * Deadlock, also with a write of another Galera node; lock wait timeout; record changed since it was read; table changed since it was
     * read. The transaction is rolled back.
     */
    private static final Set<Integer> RUN_AGAIN = Set.of(1213, 1205, 1020, 1412);

    /**
     * Not in the Galera cluster, or not ready; read-only. The server has refused the statement, or the commit, and has done nothing. Another
     * connection may be to a server that takes it.
     */
    private static final Set<Integer> REFUSED = Set.of(1047, 1290, 1836);

    private static final int LOST_CLUSTER = 1180;

    /**
     * Too many connections; access from a half-started node; shutdown; interrupted; killed; statement timeout; lost the Galera cluster while
     * committing, after which the other nodes may have the write or not.
     */
    private static final Set<Integer> UNAVAILABLE = Set.of(1040, 1042, 1043, 1053, LOST_CLUSTER, 1317, 1927, 1969);

    private final Jdbi jdbi;
    private final StaleConnections stale;
    private final ConnectionShares shares;
    private final ReentrantLock checking = new ReentrantLock();
    private volatile Runnable unchecked;

    /** Without limits for projects. */
    public Database(DataSource source) {
        this(source, new ConnectionShares(Integer.MAX_VALUE, Duration.ZERO));
    }

    /**
     * @param shares of the source's connections
     */
    public Database(DataSource source, ConnectionShares shares) {
        this.shares = Objects.requireNonNull(shares);
        this.stale = new StaleConnections(source);
        this.jdbi = Jdbi.create(source);
        jdbi.getConfig(SqlStatements.class).setTemplateEngine(TemplateEngine.NOP);
    }

    /**
     * Makes up a check that could not be made when the server started, because the database did not answer. Nothing else is done with
     * the database before the check has passed; while it fails, everything fails as it does.
     *
     * @param check uses this database, and throws {@link MetadataUnavailableException}
     */
    public void checkFirst(Runnable check) {
        Runnable before = unchecked;
        unchecked = before == null
                ? check
                : () -> {
                    before.run();
                    check.run();
                };
    }

    private void makeUpTheCheck() {
        if (unchecked == null || checking.isHeldByCurrentThread()) {
            return;
        }
        if (!checking.tryLock()) {
            // One thread waits for a database that may be silent, and not all of them one after the other.
            throw new MetadataUnavailableException("the database is being checked", null);
        }
        try {
            Runnable check = unchecked;
            if (check != null) {
                check.run();
                unchecked = null;
            }
        } finally {
            checking.unlock();
        }
    }

    /** What is done with a connection. */
    @FunctionalInterface
    public interface Work<T> {
        T on(Handle handle);
    }

    /** Runs reading statements; they see what was committed when each began. */
    public <T> T read(Work<T> work) {
        return attempt(handle -> work.on(handle), false);
    }

    /** Runs one writing statement that commits by itself. */
    public <T> T write(Work<T> work) {
        return attempt(handle -> work.on(handle), true);
    }

    /** Runs reading statements that all see what was committed when the first began; they may run again, all of them. */
    public <T> T snapshot(Work<T> work) {
        return attempt(
                handle -> {
                    execute(handle, "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ", false);
                    return transact(handle, "START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY", work);
                },
                false);
    }

    /** Runs a transaction; work may run several times and must have no effect outside of the database. */
    public <T> T transact(Work<T> work) {
        return attempt(handle -> transact(handle, "START TRANSACTION", work), false);
    }

    private static <T> T transact(Handle handle, String start, Work<T> work) {
        execute(handle, start, false);
        T result;
        try {
            result = work.on(handle);
        } catch (RuntimeException | Error e) {
            rollBack(handle, e);
            throw e;
        }
        execute(handle, "COMMIT", true);
        return result;
    }

    /** Thrown inside of a transaction that another one overtook: it runs again. */
    static final class OvertakenException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        OvertakenException() {
            super("overtaken by another write", null, false, false);
        }
    }

    /** MariaDB's number of the error, if the database refused the statement. */
    static Optional<Integer> errorCode(Throwable thrown) {
        return sqlCause(thrown).map(SQLException::getErrorCode);
    }

    private <T> T attempt(Work<T> work, boolean commitsByItself) {
        makeUpTheCheck();
        long patience = System.nanoTime() + PATIENCE.toNanos();
        for (int attempt = 1; ; attempt++) {
            RuntimeException failure;
            try (ConnectionShares.Place place = shares.enter();
                    Handle handle = open()) {
                return run(handle, work);
            } catch (MetadataUnavailableException e) {
                throw e;
            } catch (RuntimeException e) {
                failure = e;
            }
            boolean refused = isRefused(failure);
            boolean again = refused || isOvertaken(failure)
                    ? attempt < ATTEMPTS && System.nanoTime() < patience
                    : attempt == 1 && !commitsByItself && lostItsConnection(failure);
            if (!again) {
                throw translated(failure, commitsByItself);
            }
            long pause = refused ? REFUSED_PAUSE.toNanos() : 1_000_000L * Math.min(attempt, 10);
            LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(pause / 2, pause));
        }
    }

    private static boolean isOvertaken(RuntimeException failure) {
        return failure instanceof OvertakenException
                || errorCode(failure).filter(RUN_AGAIN::contains).isPresent();
    }

    private static boolean isRefused(Throwable failure) {
        return errorCode(failure).filter(REFUSED::contains).isPresent();
    }

    /** Whether the server closed the connection, as it does when it stops; another connection may be to the next one. */
    private static boolean lostItsConnection(RuntimeException failure) {
        return !wasSilent(failure)
                && sqlCause(failure).filter(Database::isUnavailable).isPresent();
    }

    /** Whether the server sent nothing until the timeout was over, as one that is frozen. */
    static boolean wasSilent(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SocketTimeoutException) {
                return true;
            }
        }
        return false;
    }

    private static RuntimeException translated(RuntimeException failure, boolean commitsByItself) {
        if (isOvertaken(failure)) {
            return new MetadataUnavailableException("the database is too busy", failure);
        }
        return sqlCause(failure).filter(Database::isUnavailable).isPresent()
                ? new MetadataUnavailableException(
                        "the database does not answer", failure, commitsByItself && !isRefused(failure))
                : failure;
    }

    /** Takes a connection out of the pool that broke, or whose transaction may still be open. */
    private <T> T run(Handle handle, Work<T> work) {
        try {
            return work.on(handle);
        } catch (RuntimeException e) {
            boolean unavailable = sqlCause(e).filter(Database::isUnavailable).isPresent();
            if (unavailable || e instanceof MetadataUnavailableException) {
                stale.discard(handle.getConnection(), isServerGone(e));
            }
            throw e;
        }
    }

    /** Whether other connections to the same server must be expected to fail as well. */
    private static boolean isServerGone(RuntimeException failure) {
        return isRefused(failure)
                || sqlCause(failure)
                        .filter(sql -> sql.getErrorCode() == LOST_CLUSTER || isConnectionFailure(sql))
                        .isPresent();
    }

    private Handle open() {
        try {
            return jdbi.open();
        } catch (ConnectionException e) {
            throw new MetadataUnavailableException("no connection to the database", e);
        }
    }

    private static void execute(Handle handle, String sql, boolean commits) {
        try (Statement statement = handle.getConnection().createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            if (commits && !RUN_AGAIN.contains(e.getErrorCode()) && !REFUSED.contains(e.getErrorCode())) {
                throw new MetadataUnavailableException("it is not known whether the database has committed", e, true);
            }
            throw new IllegalStateException(sql + " failed", e);
        }
    }

    private static void rollBack(Handle handle, Throwable reason) {
        try {
            execute(handle, "ROLLBACK", false);
        } catch (RuntimeException lost) {
            // The server rolls back what a lost connection left.
            reason.addSuppressed(lost);
            StaleConnections.discard(handle.getConnection());
        }
    }

    private static boolean isUnavailable(SQLException e) {
        return isConnectionFailure(e) || REFUSED.contains(e.getErrorCode()) || UNAVAILABLE.contains(e.getErrorCode());
    }

    private static boolean isConnectionFailure(SQLException e) {
        return e.getSQLState() == null || e.getSQLState().startsWith("08");
    }

    private static Optional<SQLException> sqlCause(Throwable thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql) {
                return Optional.of(sql);
            }
        }
        return Optional.empty();
    }
}
