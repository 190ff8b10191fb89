package io.pataka.service.delivery;

import io.pataka.service.notification.Endpoint;
import io.pataka.service.notification.EndpointPassword;
import io.pataka.service.notification.HostPort;
import io.pataka.service.notification.TopicName;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.SaslConfigs;
import org.apache.kafka.common.config.SslConfigs;
import org.apache.kafka.common.security.auth.SecurityProtocol;
import org.apache.kafka.common.security.plain.PlainLoginModule;
import org.apache.kafka.common.security.scram.ScramLoginModule;

/**
 * Makes the senders to Kafka. A connection is made only to an address that the guard admits, also to the brokers of which a broker tells.
 */
final class KafkaDestinations {

    /** Also for {@code send}, which waits for the brokers until it knows them. */
    private static final int BLOCK_MILLIS = 5_000;

    private static final int REQUEST_MILLIS = 5_000;
    private static final int DELIVERY_MILLIS = 10_000;
    private static final int CONNECT_MILLIS = 2_000;
    private static final int IDLE_MILLIS = 60_000;
    private static final long BUFFER_BYTES = 16L * 1024 * 1024;

    private final AddressGuard guard;
    private final TrustedAuthorities authorities;

    public KafkaDestinations(AddressGuard guard, TrustedAuthorities authorities) {
        this.guard = Objects.requireNonNull(guard);
        this.authorities = Objects.requireNonNull(authorities);
    }

    /**
     * A sender to one destination.
     *
     * @param topic whose name is that of Kafka's topic
     * @throws IOException when the topic names certificate authorities that cannot be used
     */
    EventSender sender(Endpoint.Kafka endpoint, Optional<EndpointPassword> password, TopicName topic)
            throws IOException {
        Map<String, Object> settings = settings(endpoint);
        if (endpoint.tls().isPresent()) {
            Endpoint.Tls tls = endpoint.tls().get();
            settings.put(SslConfigs.SSL_ENGINE_FACTORY_CLASS_CONFIG, KafkaTlsEngines.class);
            settings.put(KafkaTlsEngines.CONTEXT, authorities.context(tls));
            settings.put(SslConfigs.SSL_ENDPOINT_IDENTIFICATION_ALGORITHM_CONFIG, tls.verifies() ? "https" : "");
        }
        endpoint.user().ifPresent(user -> {
            settings.put(SaslConfigs.SASL_MECHANISM, endpoint.mechanism().text());
            settings.put(SaslConfigs.SASL_JAAS_CONFIG, login(endpoint.mechanism(), user, password));
        });
        return new KafkaSender(settings, guard, topic.text());
    }

    private static Map<String, Object> settings(Endpoint.Kafka endpoint) {
        Map<String, Object> settings = new HashMap<>();
        settings.put(
                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                endpoint.brokers().stream().map(HostPort::toString).toList());
        settings.put(CommonClientConfigs.SECURITY_PROTOCOL_CONFIG, protocol(endpoint).name);
        settings.put(ProducerConfig.ACKS_CONFIG, endpoint.awaitsAck() ? "all" : "0");
        settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, endpoint.awaitsAck());
        settings.put(ProducerConfig.LINGER_MS_CONFIG, 0);
        settings.put(ProducerConfig.BUFFER_MEMORY_CONFIG, BUFFER_BYTES);
        settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, BLOCK_MILLIS);
        settings.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, REQUEST_MILLIS);
        settings.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, DELIVERY_MILLIS);
        settings.put(ProducerConfig.SOCKET_CONNECTION_SETUP_TIMEOUT_MS_CONFIG, CONNECT_MILLIS);
        settings.put(ProducerConfig.SOCKET_CONNECTION_SETUP_TIMEOUT_MAX_MS_CONFIG, CONNECT_MILLIS);
        settings.put(ProducerConfig.CONNECTIONS_MAX_IDLE_MS_CONFIG, IDLE_MILLIS);
        settings.put(ProducerConfig.ENABLE_METRICS_PUSH_CONFIG, false);
        settings.put(ProducerConfig.METRIC_REPORTER_CLASSES_CONFIG, List.of());
        return settings;
    }

    private static SecurityProtocol protocol(Endpoint.Kafka endpoint) {
        if (endpoint.user().isPresent()) {
            return endpoint.tls().isPresent() ? SecurityProtocol.SASL_SSL : SecurityProtocol.SASL_PLAINTEXT;
        }
        return endpoint.tls().isPresent() ? SecurityProtocol.SSL : SecurityProtocol.PLAINTEXT;
    }

    /** A line of the login configuration of JAAS, which the client reads again. */
    private static String login(Endpoint.Mechanism mechanism, String user, Optional<EndpointPassword> password) {
        Class<?> module = mechanism == Endpoint.Mechanism.PLAIN ? PlainLoginModule.class : ScramLoginModule.class;
        return module.getName() + " required username=" + quoted(user) + " password="
                + quoted(password.map(EndpointPassword::secret).orElse("")) + ";";
    }

    /** In the form of {@link java.io.StreamTokenizer}: an octal number for everything that could end the text. */
    static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        for (char c : text.toCharArray()) {
            if (c == '"' || c == '\\' || Character.isISOControl(c) && c < 0x80) {
                quoted.append(String.format("\\%03o", (int) c));
            } else {
                quoted.append(c);
            }
        }
        return quoted.append('"').toString();
    }
}
