package io.pataka.service.http;

import com.codahale.metrics.MetricRegistry;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonTypeName;
import io.dropwizard.jetty.HttpsConnectorFactory;
import io.dropwizard.util.Duration;
import io.dropwizard.validation.MinDuration;
import jakarta.validation.constraints.NotNull;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.component.ContainerLifeCycle;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.ThreadPool;

/**
 * The connector type {@code https-pem}: HTTPS with a certificate and a key in PEM files. {@link CertificateRenewal} loads
 * renewed files while the server runs.
 */
@JsonTypeName("https-pem")
public final class HttpsPemConnectorFactory extends HttpsConnectorFactory {

    @NotNull
    private Path certificate;

    @NotNull
    private Path privateKey;

    /** How often the two files are read. */
    @NotNull
    @MinDuration(value = 1, unit = TimeUnit.SECONDS)
    private Duration renewalInterval = Duration.seconds(30);

    private SslContextFactory.Server context;
    private PemFiles loaded;

    @JsonProperty
    public Path getCertificate() {
        return certificate;
    }

    @JsonProperty
    public void setCertificate(Path certificate) {
        this.certificate = certificate;
    }

    @JsonProperty
    public Path getPrivateKey() {
        return privateKey;
    }

    @JsonProperty
    public void setPrivateKey(Path privateKey) {
        this.privateKey = privateKey;
    }

    @JsonProperty
    public Duration getRenewalInterval() {
        return renewalInterval;
    }

    @JsonProperty
    public void setRenewalInterval(Duration renewalInterval) {
        this.renewalInterval = renewalInterval;
    }

    /** This connector has no key store file. */
    @Override
    public boolean isValidKeyStorePath() {
        return true;
    }

    @Override
    public boolean isValidKeyStorePassword() {
        return true;
    }

    @Override
    protected SslContextFactory.Server configureSslContextFactory(SslContextFactory factory) {
        context = super.configureSslContextFactory(factory);
        try {
            loaded = PemFiles.read(certificate, privateKey);
            context.setKeyStore(PemKeyStore.load(loaded));
        } catch (GeneralSecurityException unfit) {
            throw new IllegalArgumentException("https-pem connector: " + unfit.getMessage(), unfit);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(
                    "https-pem connector: certificate or privateKey: " + unreadable.getMessage(), unreadable);
        }
        context.setKeyStorePassword(PemKeyStore.PASSWORD);
        context.setKeyManagerPassword(PemKeyStore.PASSWORD);
        context.setValidateCerts(false);
        context.setValidatePeerCerts(false);
        return context;
    }

    @Override
    public Connector build(Server server, MetricRegistry metrics, String name, ThreadPool threadPool) {
        Connector connector = super.build(server, metrics, name, threadPool);
        CertificateRenewal renewal = new CertificateRenewal(
                connector.getScheduler(), context, loaded, renewalInterval.toJavaDuration(), Clock.systemUTC());
        metrics.gauge(
                MetricRegistry.name("pataka.certificates", Integer.toString(getPort()), "remaining.seconds"),
                () -> renewal::remainingSeconds);
        // The connector starts this bean after its scheduler, which does not run tasks before it is started.
        ((ContainerLifeCycle) connector).addBean(renewal);
        return connector;
    }
}
