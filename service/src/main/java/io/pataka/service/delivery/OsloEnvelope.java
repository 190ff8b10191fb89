package io.pataka.service.delivery;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.UUID;

/**
 * The envelope of oslo.messaging's notifications, version 2.
 *
 * @see <a href="https://docs.openstack.org/oslo.messaging/latest/reference/notifier.html">oslo.messaging: Notifier</a>
 */
final class OsloEnvelope {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** As Python writes a time without a zone. */
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSSSSS").withZone(ZoneOffset.UTC);

    private OsloEnvelope() {}

    /**
     * A notification of priority info.
     *
     * @param publisher names this service
     */
    static byte[] of(UUID id, String publisher, String eventType, JsonNode payload, Instant time) {
        try {
            ObjectNode message = JSON.createObjectNode();
            message.put("message_id", id.toString());
            message.put("publisher_id", publisher);
            message.put("event_type", eventType);
            message.put("priority", "INFO");
            message.set("payload", payload);
            message.put("timestamp", TIME.format(time));
            message.put("_unique_id", id.toString().replace("-", ""));
            ObjectNode envelope = JSON.createObjectNode();
            envelope.put("oslo.version", "2.0");
            envelope.put("oslo.message", JSON.writeValueAsString(message));
            return JSON.writeValueAsString(envelope).getBytes(UTF_8);
        } catch (JsonProcessingException impossible) {
            throw new IllegalArgumentException(impossible);
        }
    }
}
