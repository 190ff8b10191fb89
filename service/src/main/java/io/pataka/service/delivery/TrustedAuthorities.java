package io.pataka.service.delivery;

import io.pataka.service.notification.Endpoint;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Objects;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Which authorities issue the certificates that destinations are verified with: those of the JVM, or those of a file that a topic names in
 * the operator's directory.
 */
public final class TrustedAuthorities {

    private final Optional<Path> directory;

    /**
     * @param directory with files of certificates in PEM; absent if the operator offers none
     */
    public TrustedAuthorities(Optional<Path> directory) {
        this.directory = Objects.requireNonNull(directory);
    }

    /** @throws IOException when the file that a topic names is not there, or has no certificates */
    SSLContext context(Endpoint.Tls tls) throws IOException {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust(tls), null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IOException("the certificate authorities cannot be used: " + e.getMessage(), e);
        }
    }

    private TrustManager[] trust(Endpoint.Tls tls) throws IOException, GeneralSecurityException {
        if (!tls.verifies()) {
            return new TrustManager[] {new EveryCertificate()};
        }
        if (tls.authorities().isEmpty()) {
            return null;
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(read(file(tls.authorities().get())));
        return factory.getTrustManagers();
    }

    /** @throws IOException when there is no such file */
    Path file(String name) throws IOException {
        return directory
                .map(folder -> folder.resolve(name))
                .filter(path -> path.getFileName().toString().equals(name) && Files.isRegularFile(path))
                .orElseThrow(() -> new IOException("there are no certificate authorities of the name " + name));
    }

    private static KeyStore read(Path file) throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        int number = 0;
        try (InputStream in = Files.newInputStream(file)) {
            for (Certificate certificate :
                    CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                store.setCertificateEntry(Integer.toString(number++), certificate);
            }
        }
        if (number == 0) {
            throw new IOException("the file of certificate authorities is empty");
        }
        return store;
    }

    /** For topics whose owner wants no certificate verified. As an extended one it also accepts every name of a host. */
    private static final class EveryCertificate extends X509ExtendedTrustManager {

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
