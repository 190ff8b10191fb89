package io.pataka.service.delivery;

import java.time.Duration;
import java.util.Objects;

/**
 * What the operator has set about the sending of events. Topics may set the last three for themselves.
 *
 * @param threads that send events on this node
 * @param timeToLive how long an event is tried; zero for ever
 * @param maxRetries how often an event is tried again; zero for ever
 * @param retryPause between two attempts; zero for pauses that grow from one second to five minutes
 */
public record DeliveryRules(int threads, Duration timeToLive, int maxRetries, Duration retryPause) {

    public DeliveryRules {
        if (threads < 1 || maxRetries < 0) {
            throw new IllegalArgumentException("at least one thread, and no negative number");
        }
        Objects.requireNonNull(timeToLive);
        Objects.requireNonNull(retryPause);
    }
}
