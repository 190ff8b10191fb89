package io.pataka.service.metadata;

import java.io.IOException;
import java.sql.SQLException;
import java.util.Optional;

/** The database of the settings cannot be used until an operator mends something: which setting, why, and what mends it. */
public final class DatabaseFaultException extends IOException {

    private static final long serialVersionUID = 1L;

    private static final int NO_RIGHT_TO_THE_SCHEMA = 1044;
    private static final int WRONG_USER_OR_PASSWORD = 1045;
    private static final int NO_SUCH_SCHEMA = 1049;
    private static final int NO_PASSWORD_FOR_THIS_USER = 1698;

    DatabaseFaultException(String message, Throwable cause) {
        super(message, cause);
    }

    /** What MariaDB refuses; a database that does not answer is no fault of that kind and may answer later. */
    public static Optional<DatabaseFaultException> refusal(DatabaseSettings settings, Throwable thrown) {
        return sqlCause(thrown).flatMap(sql -> refusal(settings, sql));
    }

    private static Optional<DatabaseFaultException> refusal(DatabaseSettings settings, SQLException sql) {
        String server = "MariaDB at " + settings.address();
        String user = "'" + settings.user() + "'";
        return switch (sql.getErrorCode()) {
            case WRONG_USER_OR_PASSWORD, NO_PASSWORD_FOR_THIS_USER ->
                Optional.of(new DatabaseFaultException(
                        "database.user, database.password: " + server + " refuses the user " + user
                                + " or its password. Set the name and password of a user of MariaDB, or make the user:"
                                + " CREATE USER " + settings.user() + "@'%' IDENTIFIED BY '...'",
                        sql));
            case NO_RIGHT_TO_THE_SCHEMA ->
                Optional.of(new DatabaseFaultException(
                        "database.user: " + server + " does not let the user " + user + " use the database "
                                + settings.schema() + ". Grant it: GRANT ALL ON " + settings.schema() + ".* TO "
                                + settings.user() + "@'%'",
                        sql));
            case NO_SUCH_SCHEMA ->
                Optional.of(new DatabaseFaultException(
                        "database.url: " + server + " has no database " + settings.schema()
                                + ". Make it: CREATE DATABASE " + settings.schema()
                                + " CHARACTER SET utf8mb4 COLLATE utf8mb4_bin",
                        sql));
            default -> Optional.empty();
        };
    }

    static DatabaseFaultException of(DatabaseSettings settings, SQLException sql) {
        return refusal(settings, sql)
                .orElseGet(() -> new DatabaseFaultException(
                        "database.url: MariaDB at " + settings.address() + " does not answer: " + reason(sql)
                                + ". Start MariaDB, or set the address that it listens on",
                        sql));
    }

    /** Without the number of the connection, and without the address, which the message has already. */
    private static String reason(SQLException sql) {
        return String.valueOf(sql.getMessage())
                .replaceFirst("^\\(conn=\\d+\\) ", "")
                .replaceFirst("^Socket fail to connect to [^ ]+\\. ", "")
                .replaceAll("\\s*\\R\\s*", " ");
    }

    private static Optional<SQLException> sqlCause(Throwable thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql && sql.getErrorCode() != 0) {
                return Optional.of(sql);
            }
        }
        return Optional.empty();
    }
}
