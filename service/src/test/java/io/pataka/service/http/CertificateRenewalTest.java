package io.pataka.service.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.codahale.metrics.Gauge;
import com.codahale.metrics.MetricRegistry;
import io.dropwizard.util.Duration;
import io.pataka.service.development.SelfSignedCertificate;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.Callable;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.eclipse.jetty.server.NetworkConnector;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Renewals on a Jetty that listens, seen by clients that shake hands with it. */
final class CertificateRenewalTest {

    private static final Logger LOG = (Logger) LoggerFactory.getLogger(CertificateRenewal.class);

    @TempDir
    private static Path made;

    private static SelfSignedCertificate old;
    private static SelfSignedCertificate renewed;
    private static SelfSignedCertificate third;
    private static SelfSignedCertificate expired;

    @TempDir
    private Path folder;

    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private final MetricRegistry metrics = new MetricRegistry();
    private Server server;
    private NetworkConnector connector;

    @BeforeAll
    static void makeCertificates() throws Exception {
        old = SelfSignedCertificate.in(Files.createDirectory(made.resolve("1")));
        renewed = SelfSignedCertificate.in(Files.createDirectory(made.resolve("2")));
        third = SelfSignedCertificate.in(Files.createDirectory(made.resolve("3")));
        expired = SelfSignedCertificate.expiredIn(Files.createDirectory(made.resolve("4")));
    }

    @BeforeEach
    void listenToTheLog() {
        LOG.setLevel(Level.INFO);
        log.start();
        LOG.addAppender(log);
    }

    @AfterEach
    void stop() throws Exception {
        LOG.detachAppender(log);
        LOG.setLevel(null);
        if (server != null) {
            server.stop();
        }
    }

    /** The links of certbot's folder {@code live} are switched one after the other, from one file of {@code archive} to the next. */
    @Test
    void takesUpWhatCertbotSwitchesAndKeepsTheOldPairUntilKeyAndCertificateFit() throws Exception {
        Path certificate = folder.resolve("fullchain.pem");
        Path key = folder.resolve("privkey.pem");
        Files.createSymbolicLink(certificate, old.certificate());
        Files.createSymbolicLink(key, old.key());
        serve(certificate, key);
        assertThat(shown()).isEqualTo(read(old));

        switchLink(key, renewed.key());
        awaitLog("privkey.pem is not the key of the certificate in");
        assertThat(shown()).isEqualTo(read(old));

        switchLink(certificate, renewed.certificate());
        awaitLog("The renewed certificate in");
        assertThat(shown()).isEqualTo(read(renewed));
        assertThat(logged()).filteredOn(line -> line.contains("is not the key")).hasSize(1);

        switchLink(certificate, third.certificate());
        switchLink(key, third.key());
        awaitTrue("the second renewal", () -> shown().equals(read(third)));
    }

    @Test
    void takesUpFilesThatAreRenamedIntoPlaceWithTheTimeOfTheOldOnes() throws Exception {
        Path certificate = Files.copy(old.certificate(), folder.resolve("cert.pem"));
        Path key = Files.copy(old.key(), folder.resolve("key.pem"));
        serve(certificate, key);

        for (Path[] file : new Path[][] {{renewed.certificate(), certificate}, {renewed.key(), key}}) {
            Path fresh = Files.copy(file[0], folder.resolve("fresh"));
            Files.setLastModifiedTime(fresh, Files.getLastModifiedTime(file[1]));
            Files.move(fresh, file[1], StandardCopyOption.ATOMIC_MOVE);
        }

        awaitTrue("the renewal", () -> shown().equals(read(renewed)));
    }

    @Test
    void keepsServingWhileFilesAreMissingHalfWrittenOrOver() throws Exception {
        Path certificate = Files.copy(old.certificate(), folder.resolve("cert.pem"));
        Path key = Files.copy(old.key(), folder.resolve("key.pem"));
        serve(certificate, key);
        String pem = Files.readString(renewed.certificate(), US_ASCII);

        Files.delete(certificate);
        awaitLog("cert.pem does not exist");
        Files.writeString(certificate, pem.substring(0, pem.length() / 2), US_ASCII);
        awaitLog("cert.pem is incomplete");
        Files.copy(expired.certificate(), certificate, StandardCopyOption.REPLACE_EXISTING);
        Files.copy(expired.key(), key, StandardCopyOption.REPLACE_EXISTING);
        awaitLog("is valid from");
        assertThat(shown()).isEqualTo(read(old));

        Files.writeString(certificate, pem, US_ASCII);
        Files.copy(renewed.key(), key, StandardCopyOption.REPLACE_EXISTING);
        awaitTrue("the renewal", () -> shown().equals(read(renewed)));
    }

    @Test
    void countsAndSaysWhenTheCertificateEnds() throws Exception {
        serve(old.certificate(), old.key());
        long days = (long) gauge().getValue() / 86_400;
        assertThat(days).isBetween(3640L, 3650L);
        assertThat(logged()).isEmpty();
        server.stop();

        serve(expired.certificate(), expired.key());
        assertThat((long) gauge().getValue()).isNegative();
        assertThat(logged())
                .singleElement()
                .asString()
                .contains(expired.certificate().toString(), "Renew it");
    }

    private Gauge<?> gauge() {
        return metrics.getGauges().get("pataka.certificates.0.remaining.seconds");
    }

    private void serve(Path certificate, Path key) throws Exception {
        HttpsPemConnectorFactory factory = new HttpsPemConnectorFactory();
        factory.setBindHost("127.0.0.1");
        factory.setPort(0);
        factory.setCertificate(certificate);
        factory.setPrivateKey(key);
        factory.setRenewalInterval(Duration.milliseconds(50));
        factory.setDisableSniHostCheck(true);
        server = new Server();
        metrics.removeMatching((name, metric) -> true);
        // As Dropwizard does it: built before the server starts, with the server's threads.
        connector = (NetworkConnector) factory.build(server, metrics, "application", new QueuedThreadPool());
        server.addConnector(connector);
        server.start();
    }

    /** What a client that connects now is shown. */
    private X509Certificate shown() throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {new TrustAll()}, null);
        try (SSLSocket socket = (SSLSocket)
                context.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), connector.getLocalPort())) {
            socket.setSoTimeout(20_000);
            socket.startHandshake();
            return (X509Certificate) socket.getSession().getPeerCertificates()[0];
        }
    }

    private static X509Certificate read(SelfSignedCertificate pair) throws Exception {
        return (X509Certificate)
                PemKeyStore.load(pair.certificate(), pair.key()).getCertificate("server");
    }

    private static void switchLink(Path link, Path target) throws Exception {
        Path fresh = Files.createSymbolicLink(link.resolveSibling(link.getFileName() + ".new"), target);
        Files.move(fresh, link, StandardCopyOption.ATOMIC_MOVE);
    }

    private List<String> logged() {
        return List.copyOf(log.list).stream()
                .map(ILoggingEvent::getFormattedMessage)
                .toList();
    }

    private void awaitLog(String words) throws Exception {
        awaitTrue("'" + words + "' in the log", () -> logged().stream().anyMatch(line -> line.contains(words)));
    }

    private static void awaitTrue(String what, Callable<Boolean> condition) throws Exception {
        long end = System.nanoTime() + SECONDS.toNanos(30);
        while (!condition.call()) {
            assertThat(System.nanoTime()).as(what).isLessThan(end);
            Thread.sleep(20);
        }
    }

    private static final class TrustAll implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
