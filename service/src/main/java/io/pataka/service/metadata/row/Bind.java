package io.pataka.service.metadata.row;

import java.sql.Types;
import java.util.List;
import org.jdbi.v3.core.argument.Argument;
import org.jdbi.v3.core.statement.SqlStatement;

/** Binds values to the question marks of a statement, by their Java type and without JDBI's search for a factory. */
public final class Bind {

    private Bind() {}

    public static <S extends SqlStatement<S>> S all(S statement, Object... values) {
        for (int i = 0; i < values.length; i++) {
            statement.bind(i, argument(values[i]));
        }
        return statement;
    }

    public static <S extends SqlStatement<S>> S all(S statement, List<Object> values) {
        return all(statement, values.toArray());
    }

    private static Argument argument(Object value) {
        if (value instanceof byte[] bytes) {
            return (position, statement, context) -> statement.setBytes(position, bytes);
        }
        if (value instanceof Long number) {
            return (position, statement, context) -> statement.setLong(position, number);
        }
        if (value instanceof Integer number) {
            return (position, statement, context) -> statement.setInt(position, number);
        }
        if (value instanceof Boolean flag) {
            return (position, statement, context) -> statement.setBoolean(position, flag);
        }
        if (value instanceof String text) {
            return (position, statement, context) -> statement.setString(position, text);
        }
        if (value == null) {
            return (position, statement, context) -> statement.setNull(position, Types.NULL);
        }
        throw new IllegalArgumentException("no column holds a " + value.getClass());
    }
}
