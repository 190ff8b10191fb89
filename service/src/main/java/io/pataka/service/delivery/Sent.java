package io.pataka.service.delivery;

import java.util.Objects;
import java.util.Optional;

/**
 * What a destination took of a batch of events.
 *
 * @param events how many of the first events it has acknowledged; the others may have reached it as well
 * @param fault why it did not take the next one, without secrets; empty if it took all, or if the time for the batch was over
 */
record Sent(int events, Optional<String> fault) {

    public Sent {
        Objects.requireNonNull(fault);
    }

    static Sent first(int events) {
        return new Sent(events, Optional.empty());
    }

    static Sent failed(int events, String fault) {
        return new Sent(events, Optional.of(fault));
    }
}
