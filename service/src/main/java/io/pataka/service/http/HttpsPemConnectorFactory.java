package io.pataka.service.http;

import com.codahale.metrics.MetricRegistry;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonTypeName;
import io.dropwizard.jetty.HttpsConnectorFactory;
import jakarta.validation.constraints.NotNull;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.Scheduler;
import org.eclipse.jetty.util.thread.ThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connector type {@code https-pem}: HTTPS with a certificate and a key in PEM files. Renewed files are taken up within a
 * minute without a restart; connections that are open keep the old certificate. Files that do not fit together are logged and
 * left alone until they do.
 */
@JsonTypeName("https-pem")
public final class HttpsPemConnectorFactory extends HttpsConnectorFactory {

    private static final Logger LOG = LoggerFactory.getLogger(HttpsPemConnectorFactory.class);
    private static final long LOOK_EVERY_SECONDS = 30;

    @NotNull
    private Path certificate;

    @NotNull
    private Path privateKey;

    private SslContextFactory.Server context;

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

    /** There is no key store file to be named. */
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
            context.setKeyStore(PemKeyStore.load(certificate, privateKey));
            context.setKeyStorePassword(PemKeyStore.PASSWORD);
            context.setKeyManagerPassword(PemKeyStore.PASSWORD);
        } catch (GeneralSecurityException unfit) {
            throw new IllegalArgumentException("https-pem connector: " + unfit.getMessage(), unfit);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(
                    "https-pem connector: certificate or privateKey cannot be read: " + unreadable.getMessage(),
                    unreadable);
        }
        context.setValidateCerts(false);
        context.setValidatePeerCerts(false);
        return context;
    }

    @Override
    public Connector build(Server server, MetricRegistry metrics, String name, ThreadPool threadPool) {
        Connector connector = super.build(server, metrics, name, threadPool);
        new Renewal(connector.getScheduler(), context, lastModified()).lookLater();
        return connector;
    }

    private List<FileTime> lastModified() {
        try {
            return List.of(Files.getLastModifiedTime(certificate), Files.getLastModifiedTime(privateKey));
        } catch (IOException absent) {
            return List.of();
        }
    }

    /** Looks at the files now and then, for as long as the server runs. */
    private final class Renewal implements Runnable {

        private final Scheduler scheduler;
        private final SslContextFactory.Server context;
        private List<FileTime> loaded;

        Renewal(Scheduler scheduler, SslContextFactory.Server context, List<FileTime> loaded) {
            this.scheduler = scheduler;
            this.context = context;
            this.loaded = loaded;
        }

        void lookLater() {
            scheduler.schedule(this, LOOK_EVERY_SECONDS, TimeUnit.SECONDS);
        }

        @Override
        public void run() {
            List<FileTime> found = lastModified();
            if (!found.isEmpty() && !found.equals(loaded)) {
                try {
                    // Judged before anything is replaced.
                    PemKeyStore.load(certificate, privateKey);
                    context.reload(HttpsPemConnectorFactory.this::configureSslContextFactory);
                    loaded = found;
                    LOG.info("Took up the certificate in {}", certificate);
                } catch (Exception unfit) {
                    LOG.warn("Keeping the old certificate: {}", unfit.getMessage());
                }
            }
            lookLater();
        }
    }
}
