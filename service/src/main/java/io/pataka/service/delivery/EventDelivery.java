package io.pataka.service.delivery;

import com.codahale.metrics.MetricRegistry;
import io.pataka.service.encryption.KeysUnavailableException;
import io.pataka.service.encryption.SecretSeal;
import io.pataka.service.metadata.EventQueue;
import io.pataka.service.metadata.EventQueue.Due;
import io.pataka.service.metadata.EventQueue.HeldTopic;
import io.pataka.service.metadata.EventQueue.Waiting;
import io.pataka.service.metadata.MetadataUnavailableException;
import io.pataka.service.notification.EventMessage;
import io.pataka.service.notification.TopicAttributes;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends the events of all topics, on every node. A node holds a topic while it sends the topic's events, in the order of the queue, and
 * removes from the queue what the destination has acknowledged. So an event is sent at least once, and after a crash possibly twice.
 *
 * <p>A topic whose destination fails is left alone for a time that grows, and the topics of one project get at most a quarter of the threads,
 * those that failed last at most half. So a destination that does not answer delays the events of no other topic.
 */
public final class EventDelivery implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(EventDelivery.class);

    private static final int BATCH = 100;
    private static final int CANDIDATES = 500;
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration OUTAGE = Duration.ofSeconds(2);

    /** For the events of one topic, before others get the thread. */
    private static final Duration TURN = Duration.ofSeconds(5);

    /** Longer than the sending of a batch takes. */
    private static final Duration LEASE = Duration.ofSeconds(60);

    private static final Duration WITHOUT_KEYS = Duration.ofSeconds(10);
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(5);
    private static final Duration GRACE = Duration.ofSeconds(5);
    private static final int DOUBLINGS = 16;

    private final EventQueue queue;
    private final TopicSenders senders;
    private final DeliveryRules rules;
    private final String holder;
    private final DeliveryMeters meters;
    private final ExecutorService workers;
    private final Thread finder;
    private final Map<Long, Due> working = new ConcurrentHashMap<>();
    private final CountDownLatch stopping = new CountDownLatch(1);
    private volatile String fault;

    /**
     * @param destinations closed with this delivery
     * @param seal of the passwords of topics
     * @param region in the names of topics
     * @param holder names this process in the leases of topics, unique among the nodes
     */
    public EventDelivery(
            EventQueue queue,
            Destinations destinations,
            SecretSeal seal,
            String region,
            DeliveryRules rules,
            String holder,
            MetricRegistry metrics) {
        this.queue = Objects.requireNonNull(queue);
        this.senders = new TopicSenders(destinations, seal, region);
        this.rules = Objects.requireNonNull(rules);
        this.holder = Objects.requireNonNull(holder);
        this.meters = new DeliveryMeters(metrics);
        AtomicInteger number = new AtomicInteger();
        this.workers = Executors.newFixedThreadPool(rules.threads(), task -> {
            Thread thread = new Thread(task, "event-delivery-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
        this.finder = new Thread(this::find, "event-delivery");
        finder.setDaemon(true);
    }

    /** Begins to send; once. */
    public void start() {
        finder.start();
    }

    /** Why events cannot be sent at all, such as a database that does not answer; empty while they can. */
    public Optional<String> fault() {
        return Optional.ofNullable(fault);
    }

    /** An Error ends the thread, and with it the process. */
    private void find() {
        try {
            Duration pause = Duration.ZERO;
            while (!stopping.await(pause.toNanos(), TimeUnit.NANOSECONDS)) {
                pause = look();
            }
        } catch (InterruptedException stopped) {
            LOG.debug("interrupted", stopped);
        }
    }

    /** Gives topics to free threads; returns how long to wait then. */
    private Duration look() {
        try {
            senders.idle().forEach(topic -> {
                if (!working.containsKey(topic)) {
                    senders.close(topic);
                }
            });
            if (working.size() < rules.threads()) {
                queue.due(CANDIDATES).forEach(this::begin);
            }
            worked();
            return POLL;
        } catch (RuntimeException e) {
            failed(e);
            return OUTAGE;
        }
    }

    private void worked() {
        if (fault != null) {
            LOG.warn("events of notifications are sent again");
            fault = null;
        }
    }

    /** Logs a failure of this server once, and not again while it lasts. */
    private void failed(RuntimeException e) {
        boolean known = fault != null;
        fault = e.toString();
        if (known) {
            LOG.debug("events of notifications still cannot be sent", e);
        } else if (e instanceof MetadataUnavailableException) {
            LOG.warn("events of notifications wait for the database: {}", e.getMessage());
        } else {
            LOG.warn("events of notifications cannot be sent", e);
        }
    }

    private void begin(Due topic) {
        if (working.size() < rules.threads() && mayWork(topic) && working.putIfAbsent(topic.topic(), topic) == null) {
            workers.execute(() -> work(topic));
        }
    }

    private boolean mayWork(Due topic) {
        long ofProject = working.values().stream()
                .filter(other -> other.accountId().equals(topic.accountId()))
                .count();
        long failing =
                working.values().stream().filter(other -> other.failures() > 0).count();
        return ofProject < Math.max(1, rules.threads() / 4)
                && (topic.failures() == 0 || failing < Math.max(1, rules.threads() / 2));
    }

    /** Sends events of a topic until there are none, or its turn is over, or its destination fails. */
    private void work(Due topic) {
        try {
            long end = System.nanoTime() + TURN.toNanos();
            boolean more = true;
            while (more && stopping.getCount() > 0 && System.nanoTime() - end < 0) {
                more = sendBatch(topic.topic());
            }
        } catch (InterruptedException stopped) {
            LOG.debug("interrupted", stopped);
        } catch (RuntimeException e) {
            failed(e);
        } finally {
            release(topic.topic());
            working.remove(topic.topic());
        }
    }

    private void release(long topic) {
        // The mark of an interruption would prevent the statement.
        Thread.interrupted();
        try {
            queue.release(topic, holder);
        } catch (RuntimeException e) {
            LOG.debug("the lease of a topic is left to run out", e);
        }
    }

    /** Whether there may be more to send now. */
    private boolean sendBatch(long id) throws InterruptedException {
        Optional<HeldTopic> held = queue.take(id, holder, LEASE);
        if (held.isEmpty()) {
            return false;
        }
        List<Waiting> events = queue.first(id, BATCH);
        if (events.isEmpty()) {
            return false;
        }
        HeldTopic topic = held.get();
        TopicAttributes attributes = TopicAttributes.ofJson(topic.attributes());
        List<Waiting> live = withoutExpired(events, attributes);
        if (live.isEmpty()) {
            return true;
        }
        Sent sent;
        try {
            Optional<EventSender> sender = senders.of(topic, attributes.endpoint());
            if (sender.isEmpty()) {
                remove(live);
                meters.unaddressed(live.size());
                return true;
            }
            sent = sender.get().send(messages(live, attributes));
        } catch (IOException unusable) {
            sent = Sent.failed(0, unusable.getMessage());
        } catch (KeysUnavailableException ringIsGone) {
            LOG.warn("the password of topic {} of project {} cannot be read now", topic.name(), topic.accountId());
            queue.failed(topic, holder, topic.failures(), WITHOUT_KEYS);
            return false;
        }
        remove(live.subList(0, sent.events()));
        meters.sent(sent.events());
        if (sent.fault().isPresent()) {
            return retry(topic, attributes, live, sent);
        }
        if (topic.failures() > 0) {
            LOG.info("topic {} of project {}: its destination takes events again", topic.name(), topic.accountId());
            queue.succeeded(id);
        }
        return true;
    }

    /** Removes the events that are too old. */
    private List<Waiting> withoutExpired(List<Waiting> events, TopicAttributes attributes) {
        Duration limit = seconds(attributes.timeToLive(), rules.timeToLive());
        if (limit.isZero()) {
            return events;
        }
        List<Waiting> expired = events.stream()
                .filter(event -> event.age().compareTo(limit) > 0)
                .toList();
        remove(expired);
        meters.expired(expired.size());
        return events.stream()
                .filter(event -> event.age().compareTo(limit) <= 0)
                .toList();
    }

    private static Duration seconds(OptionalLong ofTopic, Duration otherwise) {
        return ofTopic.isPresent() ? Duration.ofSeconds(ofTopic.getAsLong()) : otherwise;
    }

    private static List<Event> messages(List<Waiting> events, TopicAttributes attributes) {
        return events.stream()
                .map(event -> Event.of(
                        EventMessage.of(event.record(), event.id(), event.sequence(), attributes.opaqueData())))
                .toList();
    }

    private void remove(List<Waiting> events) {
        queue.remove(events.stream().map(Waiting::id).toList());
    }

    /** Whether the next event is tried at once, because the one that failed was tried as often as it may be. */
    private boolean retry(HeldTopic topic, TopicAttributes attributes, List<Waiting> events, Sent sent) {
        meters.failure();
        int failures = sent.events() > 0 ? 1 : topic.failures() + 1;
        if (topic.failures() == 0) {
            LOG.info(
                    "topic {} of project {}: its destination takes no events: {}",
                    topic.name(),
                    topic.accountId(),
                    printable(sent.fault().orElseThrow()));
        }
        long retries = attributes.maxRetries().orElse(rules.maxRetries());
        if (retries > 0 && failures > retries) {
            remove(List.of(events.get(sent.events())));
            meters.abandoned(1);
            queue.failed(topic, holder, 0, Duration.ZERO);
            return true;
        }
        queue.failed(topic, holder, failures, pause(attributes, failures));
        return false;
    }

    /** A destination's own words must not end the line of the log. */
    private static String printable(String text) {
        return text.replaceAll("\\p{Cntrl}", " ");
    }

    private Duration pause(TopicAttributes attributes, int failures) {
        Duration fixed = seconds(attributes.retrySleepDuration(), rules.retryPause());
        if (!fixed.isZero()) {
            return fixed;
        }
        Duration doubled = FIRST_PAUSE.multipliedBy(1L << Math.min(failures - 1, DOUBLINGS));
        Duration pause = doubled.compareTo(LONGEST_PAUSE) < 0 ? doubled : LONGEST_PAUSE;
        // Destinations that failed together are not all tried again together.
        return pause.plusMillis(ThreadLocalRandom.current().nextLong(pause.toMillis() / 4));
    }

    /** Ends after the batches that are being sent, and interrupts those that take longer than five seconds. */
    @Override
    public void close() {
        stopping.countDown();
        workers.shutdown();
        try {
            finder.join(GRACE.toMillis());
            if (!workers.awaitTermination(GRACE.toMillis(), TimeUnit.MILLISECONDS)) {
                workers.shutdownNow();
                if (!workers.awaitTermination(GRACE.toMillis(), TimeUnit.MILLISECONDS)) {
                    LOG.info("events are still being sent");
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        senders.close();
    }
}
