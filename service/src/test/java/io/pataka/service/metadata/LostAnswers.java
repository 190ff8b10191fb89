package io.pataka.service.metadata;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.Statement;
import javax.sql.DataSource;

/** Makes the database fail after a change was committed and before its answer came. */
public final class LostAnswers {

    private static final ThreadLocal<SQLException> FAILURE = new ThreadLocal<>();

    /** Loses the connection before the answer to this thread's next statement that commits. */
    static void loseNext() {
        failNext(new SQLNonTransientConnectionException("the connection was lost", "08000"));
    }

    /** This thread's next statement that commits fails after it has committed. */
    public static void failNext(SQLException failure) {
        FAILURE.set(failure);
    }

    public DataSource around(DataSource source) {
        return wrap(DataSource.class, source, false);
    }

    private <T> T wrap(Class<T> type, T target, boolean commits) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (proxy, method, values) -> {
                    try {
                        Object result = method.invoke(target, values);
                        boolean ran =
                                target instanceof Statement && method.getName().startsWith("execute");
                        SQLException failure = FAILURE.get();
                        if (ran && failure != null && (commits || (values != null && values[0].equals("COMMIT")))) {
                            FAILURE.remove();
                            throw failure;
                        }
                        if (result instanceof Connection connection) {
                            return wrap(Connection.class, connection, false);
                        }
                        if (result instanceof PreparedStatement statement) {
                            return wrap(PreparedStatement.class, statement, commitsByItself((String) values[0]));
                        }
                        return result instanceof Statement statement ? wrap(Statement.class, statement, false) : result;
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                }));
    }

    /** Whether the statement publishes an object or adds a part outside of a transaction. */
    private static boolean commitsByItself(String sql) {
        return sql.endsWith("RETURNING sequence, prev_blob, prev_upload, prev_count")
                || sql.endsWith("RETURNING prev_blob");
    }
}
