package io.pataka.service.delivery;

import java.util.List;

/** Sends the events of one topic to its destination. One thread uses it at a time. */
interface EventSender extends AutoCloseable {

    /**
     * Sends events in their order and waits until the destination has acknowledged them. Returns within about twenty seconds, however the
     * destination behaves.
     *
     * @throws InterruptedException when the server stops; the events may have been sent
     */
    Sent send(List<Event> events) throws InterruptedException;

    /** Closes the connections of the topic. Does not wait for the destination. */
    @Override
    void close();
}
