package io.pataka.service.delivery;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import java.util.UUID;

/**
 * Sends events as notifications of oslo.messaging. The event type is that of the event, such as {@code objectstore.ObjectCreated.Put}, and the
 * payload is the record of the event. The id is the same each time that an event is sent.
 */
final class OsloSender implements EventSender {

    private static final ObjectMapper JSON = new ObjectMapper();

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
            byte[] envelope = OsloEnvelope.of(
                    UUID.nameUUIDFromBytes(event.body()),
                    publisher,
                    "objectstore." + record.path("eventName").asText().replace(':', '.'),
                    record,
                    clock.instant());
            return new Event(event.subject(), envelope, event.cloudEventHeaders());
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    @Override
    public void close() {
        broker.close();
    }
}
