package io.pataka.service.metadata;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLNonTransientConnectionException;
import java.sql.Statement;
import javax.sql.DataSource;

/** Loses the connection after a write took place and before its answer came. */
final class LostAnswers {

    private static final ThreadLocal<Boolean> LOSE = ThreadLocal.withInitial(() -> false);

    /** Loses the answer to this thread's next statement that commits. */
    static void loseNext() {
        LOSE.set(true);
    }

    DataSource around(DataSource source) {
        return wrap(DataSource.class, source, false);
    }

    private <T> T wrap(Class<T> type, T target, boolean commits) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (proxy, method, values) -> {
                    try {
                        Object result = method.invoke(target, values);
                        boolean ran =
                                target instanceof Statement && method.getName().startsWith("execute");
                        if (ran && LOSE.get() && (commits || (values != null && values[0].equals("COMMIT")))) {
                            LOSE.remove();
                            throw new SQLNonTransientConnectionException("the connection was lost", "08000");
                        }
                        if (result instanceof Connection connection) {
                            return wrap(Connection.class, connection, false);
                        }
                        if (result instanceof PreparedStatement statement) {
                            boolean upsert = values[0] instanceof String sql && sql.contains("RETURNING sequence");
                            return wrap(PreparedStatement.class, statement, upsert);
                        }
                        return result instanceof Statement statement ? wrap(Statement.class, statement, false) : result;
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                }));
    }
}
