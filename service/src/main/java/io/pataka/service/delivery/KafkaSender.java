package io.pataka.service.delivery;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.clients.producer.ResolvingProducer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;

/**
 * Sends a batch of events and waits once for all. An event has the key of its object, so that the events of an object are in one partition and
 * in order. After any failure the producer is closed with what it has not sent, and the next batch gets a new one.
 */
final class KafkaSender implements EventSender {

    /** Longer than the producer itself tries to deliver a record. */
    private static final Duration LIMIT = Duration.ofSeconds(15);

    private final Map<String, Object> settings;
    private final AddressGuard guard;
    private final String topic;
    private volatile String refusal;
    private Producer<String, byte[]> producer;

    KafkaSender(Map<String, Object> settings, AddressGuard guard, String topic) {
        this.settings = Map.copyOf(settings);
        this.guard = Objects.requireNonNull(guard);
        this.topic = Objects.requireNonNull(topic);
    }

    @Override
    public Sent send(List<Event> events) throws InterruptedException {
        refusal = null;
        Sent sent;
        try {
            sent = deliver(events);
        } catch (InterruptedException stopping) {
            close();
            throw stopping;
        }
        if (sent.fault().isPresent()) {
            close();
        }
        return sent;
    }

    private Sent deliver(List<Event> events) throws InterruptedException {
        long end = System.nanoTime() + LIMIT.toNanos();
        List<Future<RecordMetadata>> results = new ArrayList<>(events.size());
        int taken = 0;
        try {
            if (producer == null) {
                producer = ResolvingProducer.of(settings, this::resolve);
            }
            for (Event event : events) {
                Future<RecordMetadata> result =
                        producer.send(new ProducerRecord<>(topic, event.subject(), event.body()));
                results.add(result);
                if (result.isDone()) {
                    // One that failed at once, because no broker answered or it does not know the topic.
                    result.get();
                }
            }
            for (Future<RecordMetadata> result : results) {
                result.get(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
                taken++;
            }
            return Sent.first(taken);
        } catch (InterruptException stopping) {
            throw interrupted(stopping);
        } catch (ExecutionException e) {
            return Sent.failed(first(results), fault(e.getCause()));
        } catch (KafkaException e) {
            return Sent.failed(first(results), fault(e));
        } catch (TimeoutException e) {
            return Sent.failed(first(results), "no acknowledgement within " + LIMIT.toSeconds() + " s");
        }
    }

    /** Kafka's exception has set the mark of the thread again. */
    private static InterruptedException interrupted(InterruptException stopping) {
        Thread.interrupted();
        InterruptedException exception = new InterruptedException();
        exception.initCause(stopping);
        return exception;
    }

    /** How many of the first events are known to be delivered. */
    private static int first(List<Future<RecordMetadata>> results) throws InterruptedException {
        int first = 0;
        for (Future<RecordMetadata> result : results) {
            if (!result.isDone()) {
                return first;
            }
            try {
                result.get();
            } catch (ExecutionException failed) {
                return first;
            }
            first++;
        }
        return first;
    }

    /** The client says only that it knows no broker, when the address of each was refused. */
    private String fault(Throwable e) {
        String refused = refusal;
        if (refused != null) {
            return refused;
        }
        return e.getCause() == null || e.getCause().getMessage() == null
                ? e.getMessage()
                : e.getMessage() + ": " + e.getCause().getMessage();
    }

    private InetAddress[] resolve(String host) throws UnknownHostException {
        try {
            return guard.resolve(host).toArray(InetAddress[]::new);
        } catch (UnknownHostException e) {
            refusal = e instanceof AddressRefusedException ? e.getMessage() : "no address: " + host;
            throw e;
        }
    }

    /** Drops what was not sent. */
    @Override
    public void close() {
        if (producer != null) {
            producer.close(Duration.ZERO);
            producer = null;
        }
    }
}
