package io.pataka.service.delivery;

import io.pataka.service.notification.EventMessage;
import java.util.Map;
import java.util.Objects;

/**
 * An event as it is sent.
 *
 * @param subject the key of the object; events of one subject stay in order where a destination keeps an order only of some
 * @param body JSON
 * @param cloudEventHeaders for a destination over HTTP that wants them
 */
record Event(String subject, byte[] body, Map<String, String> cloudEventHeaders) {

    Event {
        Objects.requireNonNull(subject);
        Objects.requireNonNull(body);
        cloudEventHeaders = Map.copyOf(cloudEventHeaders);
    }

    static Event of(EventMessage message) {
        return new Event(message.encodedKey(), message.body(), message.cloudEventHeaders());
    }
}
