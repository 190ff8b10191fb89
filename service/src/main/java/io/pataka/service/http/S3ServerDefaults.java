package io.pataka.service.http;

import io.dropwizard.core.server.DefaultServerFactory;
import io.dropwizard.core.server.ServerFactory;
import io.dropwizard.jetty.ConnectorFactory;
import io.dropwizard.jetty.HttpConnectorFactory;
import io.dropwizard.jetty.HttpsConnectorFactory;
import io.dropwizard.request.logging.LogbackAccessRequestLogFactory;
import io.dropwizard.util.DataSize;
import java.util.List;
import java.util.Set;
import org.eclipse.jetty.http.UriCompliance;

/**
 * Settings without which an HTTP server is no S3 server. They are set in code, so that no settings file can produce a server
 * that inflates gzip uploads, refuses keys with {@code //}, or logs signatures.
 */
public final class S3ServerDefaults {

    private static final DataSize BUFFER = DataSize.kibibytes(64);

    /** Of the request line and all header fields together; S3 itself allows 8 KiB of each. */
    private static final DataSize REQUEST_HEAD = DataSize.kibibytes(64);

    /** Of all header fields of a reply, which include user metadata. */
    private static final DataSize RESPONSE_HEAD = DataSize.kibibytes(32);

    /** No cache for header fields: date and signature differ in each request. */
    private static final DataSize NONE = DataSize.bytes(0);

    private static final String LOOPBACK = "127.0.0.1";

    private static final int FIRST_WITH_VIRTUAL_THREADS = 21;

    private S3ServerDefaults() {}

    /**
     * @throws IllegalArgumentException when the settings ask for another kind of server
     */
    public static void applyTo(ServerFactory settings) {
        if (!(settings instanceof DefaultServerFactory server)) {
            throw new IllegalArgumentException(
                    "server.type must be 'default': the admin port must not be a port for clients");
        }
        server.getGzipFilterFactory().setEnabled(false);
        server.setEnableThreadNameFilter(false);
        server.setRegisterDefaultExceptionMappers(false);
        // This filter sees the method of JerseyShield, and the methods of the admin port.
        server.setAllowedMethods(Set.of(JerseyShield.METHOD, "GET", "HEAD"));
        LogbackAccessRequestLogFactory noRequestLog = new LogbackAccessRequestLogFactory();
        noRequestLog.setAppenders(List.of());
        server.setRequestLogFactory(noRequestLog);
        if (Runtime.version().feature() >= FIRST_WITH_VIRTUAL_THREADS) {
            server.setEnableVirtualThreads(true);
        }
        for (ConnectorFactory connector : server.getApplicationConnectors()) {
            applyTo(connector);
        }
        server.getAdminConnectors().forEach(S3ServerDefaults::keepToThisMachine);
    }

    /** Binds the admin port to loopback by default: it shows metrics and stacks, and changes log levels. */
    private static void keepToThisMachine(ConnectorFactory admin) {
        if (admin instanceof HttpConnectorFactory connector && connector.getBindHost() == null) {
            connector.setBindHost(LOOPBACK);
        }
    }

    private static void applyTo(ConnectorFactory settings) {
        if (!(settings instanceof HttpConnectorFactory connector)) {
            throw new IllegalArgumentException(
                    "server.applicationConnectors: the types are http, https and https-pem, not "
                            + settings.getClass());
        }
        // S3RequestReader reads and checks the raw path.
        connector.setUriCompliance(UriCompliance.UNSAFE);
        connector.setInputBufferSize(atLeast(connector.getInputBufferSize(), BUFFER));
        connector.setOutputBufferSize(atLeast(connector.getOutputBufferSize(), BUFFER));
        connector.setHeaderCacheSize(NONE);
        connector.setMaxRequestHeaderSize(atLeast(connector.getMaxRequestHeaderSize(), REQUEST_HEAD));
        connector.setMaxResponseHeaderSize(atLeast(connector.getMaxResponseHeaderSize(), RESPONSE_HEAD));
        if (connector instanceof HttpsConnectorFactory https) {
            // The host may be a bucket's subdomain, which the certificate need not have.
            https.setDisableSniHostCheck(true);
        }
    }

    private static DataSize atLeast(DataSize set, DataSize least) {
        return set.toBytes() >= least.toBytes() ? set : least;
    }
}
