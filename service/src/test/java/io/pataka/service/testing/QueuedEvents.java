package io.pataka.service.testing;

import com.codahale.metrics.MetricRegistry;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dropwizard.db.ManagedDataSource;
import io.pataka.service.metadata.Database;
import io.pataka.service.metadata.DatabaseSettings;
import io.pataka.service.notification.EventMessage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/** The topics and the queued events in the database of a server. Topics that are made here have no endpoint, and nothing takes their events. */
public final class QueuedEvents implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final ManagedDataSource source;
    private final Database database;

    public QueuedEvents(DatabaseSettings settings) {
        source = settings.open(new MetricRegistry());
        database = new Database(source);
    }

    /**
     * Makes a topic.
     *
     * @param attributes as JSON
     * @return its ARN
     */
    public String topic(String project, String name, String attributes) {
        database.write(handle -> handle.execute(
                "INSERT INTO topic (account_id, name, attributes, created_at, leased_until, holder)"
                        + " VALUES (?, ?, ?, 0, ?, 'test')",
                project,
                name,
                attributes,
                Long.MAX_VALUE));
        return "arn:aws:sns:us-east-1:" + project + ":" + name;
    }

    /** Deletes a topic, and none of its events. */
    public void delete(String arn) {
        String[] parts = arn.split(":");
        database.write(
                handle -> handle.execute("DELETE FROM topic WHERE account_id = ? AND name = ?", parts[4], parts[5]));
    }

    /** The records of the events for a topic, in the order of the queue. */
    public List<JsonNode> of(String arn) {
        String[] parts = arn.split(":");
        return database.read(handle -> handle.createQuery(
                        "SELECT e.record, e.id, e.sequence FROM event e JOIN topic t ON t.id = e.topic_id"
                                + " WHERE t.account_id = ? AND t.name = ? ORDER BY e.id")
                .bind(0, parts[4])
                .bind(1, parts[5])
                .map((row, context) -> record(row.getBytes(1), row.getLong(2), row.getLong(3)))
                .list());
    }

    private static JsonNode record(byte[] queued, long id, long sequence) {
        try {
            return JSON.readTree(EventMessage.of(queued, id, sequence, "").body())
                    .at("/Records/0");
        } catch (IOException notJson) {
            throw new UncheckedIOException(notJson);
        }
    }

    @Override
    public void close() throws Exception {
        source.stop();
    }
}
