package io.pataka.service.metadata;

import io.pataka.service.model.SealedSecret;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The events that wait to be sent. Each topic has a queue, whose events are sent by one process at a time: that which holds the topic. Times
 * are those of the database's clock. Every method throws {@link MetadataUnavailableException} when the database does not answer.
 */
public interface EventQueue {

    /**
     * A topic with events that may be sent now.
     *
     * @param failures how often sending failed since the last success
     */
    record Due(long topic, String accountId, int failures) {
        public Due {
            Objects.requireNonNull(accountId);
        }
    }

    /**
     * Topics that have events, that no process holds, and that do not wait for another attempt; those first that were held least recently.
     *
     * @param limit the most topics
     */
    List<Due> due(int limit);

    /**
     * A topic that the caller holds, as it is now.
     *
     * @param attributes JSON
     * @param failures how often sending failed since the last success
     */
    record HeldTopic(
            long id, String accountId, String name, String attributes, Optional<SealedSecret> secret, int failures) {
        public HeldTopic {
            Objects.requireNonNull(accountId);
            Objects.requireNonNull(name);
            Objects.requireNonNull(attributes);
            Objects.requireNonNull(secret);
        }
    }

    /**
     * Takes a topic, or holds it for longer.
     *
     * @param holder names the process, unique among the nodes; at most 64 characters
     * @param length how long the topic is the holder's, unless it gives it back before
     * @return empty if another process holds the topic, or if it is gone
     */
    Optional<HeldTopic> take(long topic, String holder, Duration length);

    /**
     * An event that waits.
     *
     * @param id events are sent in the order of their ids
     * @param sequence of the version that was changed
     * @param age since the change
     */
    record Waiting(long id, long sequence, Duration age, byte[] record) {
        public Waiting {
            Objects.requireNonNull(age);
            Objects.requireNonNull(record);
        }
    }

    /**
     * The first events of a topic. Events with smaller ids may come later, of changes of other keys that were committed later.
     *
     * @param limit the most events
     */
    List<Waiting> first(long topic, int limit);

    /** Removes events that were sent, or that are not to be sent any more. */
    void remove(List<Long> ids);

    /** Notes that sending succeeded. */
    void succeeded(long topic);

    /**
     * Notes that sending failed. Does nothing if the caller does not hold the topic, or the topic was changed since it was taken.
     *
     * @param topic as it was taken
     * @param failures since the last success, with this one
     * @param pause until the next attempt
     */
    void failed(HeldTopic topic, String holder, int failures, Duration pause);

    /** Gives a topic back. Does nothing if the caller does not hold it. */
    void release(long topic, String holder);

    /**
     * Topics in the order of their ids that have events, or that take none at present.
     *
     * @param after the id of a topic; zero for the beginning
     * @param limit the most topics
     */
    List<Long> used(long after, int limit);

    /**
     * Lets a topic take no more events if it has the most that it may have, and lets it take events again when it has half of that.
     *
     * @param most events of a topic
     * @return whether it takes events from now on
     */
    boolean limit(long topic, int most);

    /**
     * What waits in all queues.
     *
     * @param events at most a million are counted
     * @param oldest the age of the event that waits longest; empty if there is none
     * @param failing topics whose last attempt failed
     * @param full topics that take no more events
     */
    record Status(long events, Optional<Duration> oldest, long failing, long full) {
        public Status {
            Objects.requireNonNull(oldest);
        }
    }

    Status status();
}
