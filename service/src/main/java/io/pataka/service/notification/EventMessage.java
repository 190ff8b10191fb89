package io.pataka.service.notification;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The message of an event as it is sent: what was queued with the change, completed by what the queue and the topic know. It is the same
 * however often it is sent, as long as the topic stays as it is.
 */
public final class EventMessage {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final byte[] body;
    private final JsonNode record;

    private EventMessage(byte[] body, JsonNode record) {
        this.body = body;
        this.record = record;
    }

    /**
     * @param queued the record of the queue, as {@link BucketEvents} made it
     * @param id of the record in the queue. The ids of the changes of one key grow in the order of the changes, so it is the sequencer: the
     *     removal of an old version comes after the writes of newer ones, although its version has a smaller number
     * @param sequence of the version that was changed, as the queue has it
     * @param opaqueData of the topic; empty for none
     * @throws IllegalArgumentException when {@code queued} is no record
     */
    public static EventMessage of(byte[] queued, long id, long sequence, String opaqueData) {
        Objects.requireNonNull(opaqueData);
        try {
            JsonNode message = JSON.readTree(queued);
            if (!(message.at("/Records/0") instanceof ObjectNode record)
                    || !(record.at("/s3/object") instanceof ObjectNode object)) {
                throw new IllegalArgumentException("not the record of an event");
            }
            String sequencer = hex(id);
            if (object.has(EventRecord.SEQUENCER)) {
                object.put(EventRecord.SEQUENCER, sequencer);
            }
            record.put("eventId", hex(sequence) + "-" + sequencer);
            record.put("opaqueData", opaqueData);
            return new EventMessage(JSON.writeValueAsBytes(message), record);
        } catch (JsonProcessingException notJson) {
            throw new IllegalArgumentException("not the record of an event", notJson);
        } catch (IOException impossible) {
            throw new IllegalArgumentException(impossible);
        }
    }

    /** 16 digits, so that texts compare as the numbers do. */
    private static String hex(long number) {
        return String.format("%016X", number);
    }

    /** The document, in UTF-8: {@code {"Records":[{...}]}}. */
    public byte[] body() {
        return body.clone();
    }

    /** The key of the object, URL-encoded as in the document. */
    public String encodedKey() {
        return text("/s3/object/key");
    }

    /**
     * The headers that make an HTTP request with {@link #body} a CloudEvent. Each event has its own id, also those of one request.
     *
     * @see <a href="https://github.com/cloudevents/spec/blob/main/cloudevents/adapters/aws-s3.md">CloudEvents: adapter for S3</a>
     */
    public Map<String, String> cloudEventHeaders() {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("ce-specversion", "1.0");
        headers.put("ce-type", "com.amazonaws." + text("/eventName"));
        headers.put("ce-time", text("/eventTime"));
        headers.put(
                "ce-id",
                Optional.of(text("/responseElements/x-amz-request-id"))
                                .filter(requestId -> !requestId.isEmpty())
                                .map(requestId -> requestId + ".")
                                .orElse("")
                        + text("/eventId"));
        headers.put("ce-source", text("/eventSource") + "." + text("/awsRegion") + "." + text("/s3/bucket/name"));
        headers.put("ce-subject", encodedKey());
        return headers;
    }

    private String text(String pointer) {
        return record.at(pointer).asText();
    }
}
