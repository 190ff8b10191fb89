package io.pataka.service.http;

import io.dropwizard.core.server.DefaultServerFactory;
import io.dropwizard.core.server.ServerFactory;
import io.dropwizard.jetty.ConnectorFactory;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;

/** The certificate and key of each connector of type {@code https-pem}. */
public final class ConnectorFiles {

    private ConnectorFiles() {}

    /** @param setting the name of the connector in the settings */
    public record Pair(String setting, Path certificate, Path privateKey) {

        /**
         * Reads both files.
         *
         * @return when the certificate is valid
         * @throws IOException naming the setting and what is wrong
         */
        public Validity validity() throws IOException {
            try {
                return PemKeyStore.validity(PemKeyStore.load(certificate, privateKey));
            } catch (GeneralSecurityException | IOException unfit) {
                throw new IOException(setting + ": " + unfit.getMessage(), unfit);
            }
        }
    }

    public static List<Pair> of(ServerFactory settings) {
        List<Pair> pairs = new ArrayList<>();
        if (settings instanceof DefaultServerFactory server) {
            collect("server.applicationConnectors", server.getApplicationConnectors(), pairs);
            collect("server.adminConnectors", server.getAdminConnectors(), pairs);
        }
        return pairs;
    }

    /**
     * Reads the files of all connectors, so that a fault is found before anything is started.
     *
     * @throws IOException naming the setting and what is wrong
     */
    public static void requireUsable(ServerFactory settings) throws IOException {
        for (Pair pair : of(settings)) {
            pair.validity();
        }
    }

    private static void collect(String section, List<ConnectorFactory> connectors, List<Pair> pairs) {
        for (int i = 0; i < connectors.size(); i++) {
            if (connectors.get(i) instanceof HttpsPemConnectorFactory pem) {
                pairs.add(new Pair(section + "[" + i + "]", pem.getCertificate(), pem.getPrivateKey()));
            }
        }
    }
}
