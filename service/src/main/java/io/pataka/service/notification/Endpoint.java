package io.pataka.service.notification;

import java.net.URI;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Where the events of a topic are sent. Made by {@link TopicAttributes#endpoint}. The password, if there is one, is not part of it.
 *
 * @see <a href="https://docs.ceph.com/en/latest/radosgw/notifications/#create-a-topic">Ceph: attributes of a topic</a>
 */
public sealed interface Endpoint {

    /** The user in whose name events are sent; empty for none, or for the protocol's default. */
    default Optional<String> user() {
        return Optional.empty();
    }

    /** The topic has no endpoint: its events are dropped. */
    record None() implements Endpoint {}

    /** The cloud's own oslo notifications, which the operator has configured. */
    record Oslo() implements Endpoint {}

    /**
     * A POST request for each event.
     *
     * @param address its scheme is http or https; it has a host and no user and no fragment
     * @param user for Basic authentication
     * @param verifiesCertificate of an https address
     * @param cloudEvents whether the headers of CloudEvents are sent
     */
    record Http(URI address, Optional<String> user, boolean verifiesCertificate, boolean cloudEvents)
            implements Endpoint {
        public Http {
            Objects.requireNonNull(address);
            Objects.requireNonNull(user);
        }
    }

    /**
     * A message of AMQP 0.9.1 for each event. Its routing key is the name of the topic.
     *
     * @param tls empty for a connection without TLS
     * @param virtualHost decoded; {@code /} by default
     * @param user empty for the protocol's default, guest
     * @param exchange must exist
     */
    record Amqp(
            HostPort server, Optional<Tls> tls, String virtualHost, Optional<String> user, String exchange, AmqpAck ack)
            implements Endpoint {
        public Amqp {
            Objects.requireNonNull(server);
            Objects.requireNonNull(tls);
            Objects.requireNonNull(virtualHost);
            Objects.requireNonNull(user);
            Objects.requireNonNull(exchange);
            Objects.requireNonNull(ack);
        }
    }

    /**
     * A record of Kafka for each event. Kafka's topic has the name of this topic.
     *
     * @param brokers at least one
     * @param tls empty for a connection without TLS
     * @param user of SASL; empty for a connection without SASL
     * @param mechanism of SASL
     * @param awaitsAck whether an event is delivered only when the broker has acknowledged it
     */
    record Kafka(
            List<HostPort> brokers, Optional<Tls> tls, Optional<String> user, Mechanism mechanism, boolean awaitsAck)
            implements Endpoint {
        public Kafka {
            brokers = List.copyOf(brokers);
            Objects.requireNonNull(tls);
            Objects.requireNonNull(user);
            Objects.requireNonNull(mechanism);
        }
    }

    /**
     * How the certificate of a server is verified.
     *
     * @param verifies whether it is verified at all
     * @param authorities the name of a file in the operator's directory of certificate authorities; empty for those of the system
     */
    record Tls(boolean verifies, Optional<String> authorities) {
        public Tls {
            Objects.requireNonNull(authorities);
        }
    }

    /** What a message of AMQP needs in order to be delivered. */
    enum AmqpAck {
        /** It was sent. */
        NONE,
        /** The broker has confirmed it. */
        BROKER,
        /** The broker has confirmed it, and at least one queue took it. */
        ROUTABLE
    }

    /** The mechanisms of SASL. */
    enum Mechanism {
        PLAIN("PLAIN"),
        SCRAM_SHA_256("SCRAM-SHA-256"),
        SCRAM_SHA_512("SCRAM-SHA-512");

        private final String text;

        Mechanism(String text) {
            this.text = text;
        }

        /** The name that SASL and clients use. */
        public String text() {
            return text;
        }

        static Optional<Mechanism> named(String text) {
            for (Mechanism mechanism : values()) {
                if (mechanism.text.equals(text)) {
                    return Optional.of(mechanism);
                }
            }
            return Optional.empty();
        }
    }
}
