package io.pataka.service.metadata;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.Statement;
import javax.sql.DataSource;

/** Counts the statements that the calling thread runs on a pool of connections. */
final class CountingSource {

    private final ThreadLocal<Integer> count = ThreadLocal.withInitial(() -> 0);

    int during(Runnable call) {
        int before = count.get();
        call.run();
        return count.get() - before;
    }

    DataSource around(DataSource source) {
        return wrap(DataSource.class, source);
    }

    private <T> T wrap(Class<T> type, T target) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (proxy, method, values) -> {
                    if (target instanceof Statement && method.getName().startsWith("execute")) {
                        count.set(count.get() + 1);
                    }
                    try {
                        Object result = method.invoke(target, values);
                        if (result instanceof Connection connection) {
                            return wrap(Connection.class, connection);
                        }
                        if (result instanceof PreparedStatement statement) {
                            return wrap(PreparedStatement.class, statement);
                        }
                        return result instanceof Statement statement ? wrap(Statement.class, statement) : result;
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                }));
    }
}
