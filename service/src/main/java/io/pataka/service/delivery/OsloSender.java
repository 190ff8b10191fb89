package io.pataka.service.delivery;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Objects;
import java.util.UUID;

/**
 * Sends events as notifications of oslo.messaging, in the envelope of its version 2. The event type is that of the event, such as
 * {@code objectstore.ObjectCreated.Put}, and the payload is the record of the event. The id is the same each time that an event is sent.
 *
 * @see <a href="https://docs.openstack.org/oslo.messaging/latest/reference/notifier.html">oslo.messaging: Notifier</a>
 */
final class OsloSender implements EventSender {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** As Python writes a time without a zone. */
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSSSSS").withZone(ZoneOffset.UTC);

    private final EventSender broker;
    private final String publisher;
    private final Clock clock;

    /**
     * @param broker sends the envelopes
     * @param publisher names this service
     */
    OsloSender(EventSender broker, String publisher, Clock clock) {
        this.broker = Objects.requireNonNull(broker);
        this.publisher = Objects.requireNonNull(publisher);
        this.clock = Objects.requireNonNull(clock);
    }

    @Override
    public Sent send(List<Event> events) throws InterruptedException {
        return broker.send(events.stream().map(this::enveloped).toList());
    }

    private Event enveloped(Event event) {
        try {
            JsonNode record = JSON.readTree(event.body()).at("/Records/0");
            String id = UUID.nameUUIDFromBytes(event.body()).toString();
            ObjectNode message = JSON.createObjectNode();
            message.put("message_id", id);
            message.put("publisher_id", publisher);
            message.put(
                    "event_type",
                    "objectstore." + record.path("eventName").asText().replace(':', '.'));
            message.put("priority", "INFO");
            message.set("payload", record);
            message.put("timestamp", TIME.format(clock.instant()));
            message.put("_unique_id", id.replace("-", ""));
            ObjectNode envelope = JSON.createObjectNode();
            envelope.put("oslo.version", "2.0");
            envelope.put("oslo.message", JSON.writeValueAsString(message));
            return new Event(
                    event.subject(), JSON.writeValueAsString(envelope).getBytes(UTF_8), event.cloudEventHeaders());
        } catch (JsonProcessingException impossible) {
            throw new IllegalArgumentException(impossible);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    @Override
    public void close() {
        broker.close();
    }
}
