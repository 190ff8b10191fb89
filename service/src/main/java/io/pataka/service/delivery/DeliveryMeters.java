package io.pataka.service.delivery;

import com.codahale.metrics.Counter;
import com.codahale.metrics.MetricRegistry;

/** Counts what this node does with events. */
final class DeliveryMeters {

    private final Counter sent;
    private final Counter failures;
    private final Counter expired;
    private final Counter abandoned;
    private final Counter unaddressed;

    DeliveryMeters(MetricRegistry metrics) {
        this.sent = metrics.counter("pataka.notifications.sent");
        this.failures = metrics.counter("pataka.notifications.failures");
        this.expired = metrics.counter("pataka.notifications.expired");
        this.abandoned = metrics.counter("pataka.notifications.abandoned");
        this.unaddressed = metrics.counter("pataka.notifications.unaddressed");
    }

    /** Events that destinations have taken. */
    void sent(int events) {
        sent.inc(events);
    }

    /** An attempt after which events are left. */
    void failure() {
        failures.inc();
    }

    /** Events that were older than their topic allows. */
    void expired(int events) {
        expired.inc(events);
    }

    /** Events that were tried as often as their topic allows. */
    void abandoned(int events) {
        abandoned.inc(events);
    }

    /** Events of topics without an endpoint. */
    void unaddressed(int events) {
        unaddressed.inc(events);
    }
}
