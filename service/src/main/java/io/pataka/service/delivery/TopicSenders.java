package io.pataka.service.delivery;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.pataka.service.encryption.KeyRefusedException;
import io.pataka.service.encryption.SecretSeal;
import io.pataka.service.metadata.EventQueue.HeldTopic;
import io.pataka.service.notification.Endpoint;
import io.pataka.service.notification.EndpointPassword;
import io.pataka.service.notification.TopicArn;
import io.pataka.service.notification.TopicName;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The senders of the topics that this node has held of late. One thread uses a topic at a time. A sender is made anew when the attributes or
 * the secret of its topic have changed.
 */
final class TopicSenders implements AutoCloseable {

    private static final Duration IDLE = Duration.ofSeconds(30);

    private final Destinations destinations;
    private final SecretSeal seal;
    private final String region;
    private final Map<Long, Kept> senders = new ConcurrentHashMap<>();

    TopicSenders(Destinations destinations, SecretSeal seal, String region) {
        this.destinations = Objects.requireNonNull(destinations);
        this.seal = Objects.requireNonNull(seal);
        this.region = Objects.requireNonNull(region);
    }

    private record Kept(HeldTopic topic, EventSender sender, long usedAt) {
        boolean isFor(HeldTopic now) {
            return topic.attributes().equals(now.attributes())
                    && topic.secret()
                            .map(secret -> secret.envelope())
                            .equals(now.secret().map(secret -> secret.envelope()));
        }
    }

    /**
     * The sender of a topic; empty if the topic has no endpoint.
     *
     * @throws IOException when the endpoint cannot be used as it is, or its secret cannot be read
     */
    Optional<EventSender> of(HeldTopic topic, Endpoint endpoint) throws IOException {
        Kept kept = senders.get(topic.id());
        if (kept == null || !kept.isFor(topic)) {
            close(topic.id());
            Optional<EventSender> made =
                    destinations.sender(endpoint, password(topic), topic.accountId(), new TopicName(topic.name()));
            if (made.isEmpty()) {
                return made;
            }
            kept = new Kept(topic, made.get(), 0);
        }
        senders.put(topic.id(), new Kept(topic, kept.sender(), System.nanoTime()));
        return Optional.of(kept.sender());
    }

    private Optional<EndpointPassword> password(HeldTopic topic) throws IOException {
        if (topic.secret().isEmpty()) {
            return Optional.empty();
        }
        String arn = new TopicArn(region, topic.accountId(), new TopicName(topic.name())).text();
        try {
            return Optional.of(
                    new EndpointPassword(new String(seal.open(topic.secret().get(), arn), UTF_8)));
        } catch (KeyRefusedException damaged) {
            throw new IOException("its stored password cannot be read", damaged);
        }
    }

    /** The topics whose sender was not used for a while. The caller closes those that no thread uses. */
    Iterable<Long> idle() {
        long now = System.nanoTime();
        return senders.entrySet().stream()
                .filter(entry -> now - entry.getValue().usedAt() > IDLE.toNanos())
                .map(Map.Entry::getKey)
                .toList();
    }

    /** Closes the sender of a topic, if there is one. */
    void close(long topic) {
        Kept kept = senders.remove(topic);
        if (kept != null) {
            kept.sender().close();
        }
    }

    @Override
    public void close() {
        senders.keySet().forEach(this::close);
        destinations.close();
    }
}
