package org.apache.kafka.clients.producer;

import java.util.Map;
import org.apache.kafka.clients.ApiVersions;
import org.apache.kafka.clients.ClientUtils;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.HostResolver;
import org.apache.kafka.clients.KafkaClient;
import org.apache.kafka.clients.MetadataRecoveryStrategy;
import org.apache.kafka.clients.NetworkClient;
import org.apache.kafka.clients.producer.internals.ProducerMetadata;
import org.apache.kafka.common.internals.ClusterResourceListeners;
import org.apache.kafka.common.memory.MemoryPool;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.network.Selector;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.common.utils.LogContext;
import org.apache.kafka.common.utils.Time;

/**
 * Makes producers for brokers that are not trusted. Kafka's client has the parameters for it, but lets only classes of this package set them.
 *
 * <p>The host names are resolved by the caller: a broker tells its clients the addresses of all brokers of its cluster, so only
 * code that resolves the names can keep a broker from sending a client to any address. An answer has at most {@value #INBOUND_BYTES} bytes: the client
 * reads it into memory whole, and takes its length from its first four bytes, also if these are a TLS alert or a page of a web server.
 */
public final class ResolvingProducer {

    /** Of an answer of a broker. */
    private static final int INBOUND_BYTES = 1024 * 1024;

    private ResolvingProducer() {}

    /**
     * @param settings of {@link ProducerConfig}
     * @param resolver of the names of all brokers, each time that a connection is made
     * @throws org.apache.kafka.common.KafkaException when the settings do not fit together, or no broker's name has an address
     */
    public static Producer<String, byte[]> of(Map<String, Object> settings, HostResolver resolver) {
        StringSerializer keys = new StringSerializer();
        ByteArraySerializer values = new ByteArraySerializer();
        ProducerConfig config = new ProducerConfig(ProducerConfig.appendSerializerToConfig(settings, keys, values));
        LogContext log = new LogContext();
        ApiVersions versions = new ApiVersions();
        ProducerMetadata metadata = new ProducerMetadata(
                config.getLong(ProducerConfig.RETRY_BACKOFF_MS_CONFIG),
                config.getLong(ProducerConfig.RETRY_BACKOFF_MAX_MS_CONFIG),
                config.getLong(ProducerConfig.METADATA_MAX_AGE_CONFIG),
                config.getLong(ProducerConfig.METADATA_MAX_IDLE_CONFIG),
                log,
                new ClusterResourceListeners(),
                Time.SYSTEM);
        metadata.bootstrap(ClientUtils.parseAndValidateAddresses(config));
        return new KafkaProducer<>(
                config,
                keys,
                values,
                metadata,
                client(config, metadata, versions, resolver, log),
                null,
                versions,
                Time.SYSTEM);
    }

    /** As {@link ClientUtils} makes it, but for the limit. */
    private static KafkaClient client(
            ProducerConfig config,
            ProducerMetadata metadata,
            ApiVersions versions,
            HostResolver resolver,
            LogContext log) {
        Selector selector = new Selector(
                INBOUND_BYTES,
                config.getLong(ProducerConfig.CONNECTIONS_MAX_IDLE_MS_CONFIG),
                new Metrics(),
                Time.SYSTEM,
                "producer",
                Map.of(),
                false,
                false,
                BoundedAnswers.of(config, INBOUND_BYTES, log),
                MemoryPool.NONE,
                log);
        return new NetworkClient(
                null,
                metadata,
                selector,
                config.getString(ProducerConfig.CLIENT_ID_CONFIG),
                config.getInt(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION),
                config.getLong(ProducerConfig.RECONNECT_BACKOFF_MS_CONFIG),
                config.getLong(ProducerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG),
                config.getInt(ProducerConfig.SEND_BUFFER_CONFIG),
                config.getInt(ProducerConfig.RECEIVE_BUFFER_CONFIG),
                config.getInt(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG),
                config.getLong(ProducerConfig.SOCKET_CONNECTION_SETUP_TIMEOUT_MS_CONFIG),
                config.getLong(ProducerConfig.SOCKET_CONNECTION_SETUP_TIMEOUT_MAX_MS_CONFIG),
                Time.SYSTEM,
                true,
                versions,
                null,
                log,
                resolver,
                null,
                config.getLong(CommonClientConfigs.METADATA_RECOVERY_REBOOTSTRAP_TRIGGER_MS_CONFIG),
                MetadataRecoveryStrategy.forName(
                        config.getString(CommonClientConfigs.METADATA_RECOVERY_STRATEGY_CONFIG)));
    }
}
