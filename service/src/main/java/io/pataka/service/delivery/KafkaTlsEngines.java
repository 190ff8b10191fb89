package io.pataka.service.delivery;

import java.security.KeyStore;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import org.apache.kafka.common.security.auth.SslEngineFactory;

/** Gives Kafka's client the TLS that all destinations have. The client makes it by its class, and gives it the settings. */
public final class KafkaTlsEngines implements SslEngineFactory {

    /** The setting with the context. */
    static final String CONTEXT = "pataka.tls.context";

    private SSLContext context;

    @Override
    public void configure(Map<String, ?> settings) {
        context = (SSLContext) Objects.requireNonNull(settings.get(CONTEXT));
    }

    @Override
    public SSLEngine createClientSslEngine(String host, int port, String endpointIdentification) {
        SSLEngine engine = context.createSSLEngine(host, port);
        engine.setUseClientMode(true);
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm(endpointIdentification);
        engine.setSSLParameters(parameters);
        return engine;
    }

    @Override
    public SSLEngine createServerSslEngine(String host, int port) {
        // Only Kafka's own brokers call this.
        throw new UnsupportedOperationException("these are TLS engines for clients of Kafka");
    }

    @Override
    public boolean shouldBeRebuilt(Map<String, Object> settings) {
        return false;
    }

    @Override
    public Set<String> reconfigurableConfigs() {
        return Set.of();
    }

    @Override
    public KeyStore keystore() {
        return null;
    }

    @Override
    public KeyStore truststore() {
        return null;
    }

    @Override
    public void close() {}
}
