package org.apache.kafka.clients.producer;

import java.util.Map;
import org.apache.kafka.clients.ApiVersions;
import org.apache.kafka.clients.ClientUtils;
import org.apache.kafka.clients.HostResolver;
import org.apache.kafka.clients.KafkaClient;
import org.apache.kafka.clients.producer.internals.ProducerMetadata;
import org.apache.kafka.common.internals.ClusterResourceListeners;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.common.utils.LogContext;
import org.apache.kafka.common.utils.Time;

/**
 * Makes producers whose host names are resolved by the caller. A broker tells its clients the addresses of all brokers of its cluster, so
 * only whoever resolves the names can prevent a broker from sending a client anywhere. Kafka's client has this parameter, but lets only
 * classes of this package set it.
 */
public final class ResolvingProducer {

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
        KafkaClient client = ClientUtils.createNetworkClient(
                config,
                config.getString(ProducerConfig.CLIENT_ID_CONFIG),
                new Metrics(),
                "producer",
                log,
                versions,
                Time.SYSTEM,
                config.getInt(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION),
                config.getInt(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG),
                metadata,
                null,
                resolver,
                null,
                null);
        return new KafkaProducer<>(config, keys, values, metadata, client, null, versions, Time.SYSTEM);
    }
}
