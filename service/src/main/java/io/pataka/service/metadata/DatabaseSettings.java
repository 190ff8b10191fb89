package io.pataka.service.metadata;

import com.codahale.metrics.MetricRegistry;
import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.dropwizard.db.DataSourceFactory;
import io.dropwizard.db.ManagedDataSource;
import io.dropwizard.util.Duration;
import io.dropwizard.validation.MinDuration;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.tomcat.jdbc.pool.DataSourceProxy;

/**
 * How MariaDB is reached.
 *
 * @param url {@code jdbc:mariadb://host:port/schema}
 * @param connections the most connections of this process; 16 where nothing is said. More do not help: eight saturate two cores
 * @param connectTimeout the longest that making a connection, or waiting for a free one, may take; 2 s where nothing is said
 * @param answerTimeout the longest that the database may be silent before the client gets 503; 5 s where nothing is said
 */
public record DatabaseSettings(
        @NotNull
        @Pattern(regexp = "jdbc:mariadb:.+", message = "must be jdbc:mariadb://host:port/schema")
        @Pattern(
                regexp = "(?!jdbc:mariadb:[a-z-]+:)[^,?]*([?].*)?",
                message =
                        "must name one server. Of several the nodes could choose different ones; name a proxy before them")
        String url,

        @NotEmpty String user,
        @NotNull String password,
        @Min(1) @Max(1000) int connections,

        @NotNull @MinDuration(value = 100, unit = TimeUnit.MILLISECONDS)
        Duration connectTimeout,

        @NotNull @MinDuration(value = 100, unit = TimeUnit.MILLISECONDS)
        Duration answerTimeout) {

    private static final int CONNECTIONS = 16;
    private static final Duration CONNECT_TIMEOUT = Duration.seconds(2);
    private static final Duration ANSWER_TIMEOUT = Duration.seconds(5);

    public DatabaseSettings(String url, String user, String password) {
        this(url, user, password, CONNECTIONS, CONNECT_TIMEOUT, ANSWER_TIMEOUT);
    }

    /** Reads the settings' {@code database} section; what is left out gets its default. */
    @JsonCreator
    static DatabaseSettings of(
            @JsonProperty("url") String url,
            @JsonProperty("user") String user,
            @JsonProperty("password") String password,
            @JsonProperty("connections") Optional<Integer> connections,
            @JsonProperty("connectTimeout") Optional<Duration> connectTimeout,
            @JsonProperty("answerTimeout") Optional<Duration> answerTimeout) {
        return new DatabaseSettings(
                url,
                user,
                password,
                connections.orElse(CONNECTIONS),
                connectTimeout.orElse(CONNECT_TIMEOUT),
                answerTimeout.orElse(ANSWER_TIMEOUT));
    }

    /** For changes of the schema, which may take longer than a request waits. */
    public DataSourceFactory forMigrations() {
        return source();
    }

    private DataSourceFactory source() {
        DataSourceFactory factory = new DataSourceFactory();
        factory.setDriverClass("org.mariadb.jdbc.Driver");
        factory.setUrl(url);
        factory.setUser(user);
        factory.setPassword(password);
        factory.setInitialSize(0);
        factory.setMinSize(0);
        return factory;
    }

    /** A pool of connections; the caller starts and stops it. */
    public ManagedDataSource open(MetricRegistry metrics) {
        DataSourceFactory factory = source();
        factory.setMaxSize(connections);
        factory.setMaxWaitForConnection(connectTimeout);
        // A connection that the server closed is found before a request is given it, at the price of one ping a second.
        factory.setValidationQuery(null);
        factory.setCheckConnectionOnConnect(true);
        factory.setCheckConnectionOnBorrow(true);
        factory.setValidationInterval(Duration.seconds(1));
        factory.setValidationQueryTimeout(connectTimeout);
        factory.setLogValidationErrors(false);
        Map<String, String> properties = new HashMap<>();
        properties.put("useServerPrepStmts", "true");
        properties.put("cachePrepStmts", "true");
        properties.put("connectTimeout", Long.toString(connectTimeout.toMilliseconds()));
        properties.put("socketTimeout", Long.toString(answerTimeout.toMilliseconds()));
        // A write that waits for a lock gives up while its client still listens, and a statement that a lost client
        // left running ends.
        double seconds = answerTimeout.toMilliseconds() / 1000.0;
        properties.put(
                "sessionVariables",
                "time_zone='+00:00',innodb_lock_wait_timeout=" + Math.max(1, (long) (seconds / 2))
                        + ",max_statement_time=" + seconds);
        // Rows that are missing are not locked, so that writers of neighbouring keys do not stop each other.
        properties.put("transactionIsolation", "READ_COMMITTED");
        factory.setProperties(properties);
        ManagedDataSource pool = factory.build(metrics, "database");
        DataSourceProxy proxy = (DataSourceProxy) pool;
        proxy.setValidator(new ConnectionCheck((int) Math.max(1, connectTimeout.toSeconds())));
        // The facade is a reflective call for each value of each statement; it guards against statements that are used
        // after they were closed, which JDBI never does.
        proxy.setUseStatementFacade(false);
        return pool;
    }

    /** Host, port and schema of the URL, without its options, among which may be a password. */
    public String address() {
        return url.replaceFirst("^jdbc:mariadb:(//)?", "").replaceFirst("\\?.*$", "");
    }

    /** The name of the schema, as the URL has it. */
    String schema() {
        return address().replaceFirst("^.*/", "");
    }

    /** How the connections of such a pool are divided among projects. */
    public ConnectionShares shares() {
        return ConnectionShares.of(this);
    }

    /** Without the password. */
    @Override
    public String toString() {
        return "DatabaseSettings[address=" + address() + ", user=" + user + ", connections=" + connections + "]";
    }
}
