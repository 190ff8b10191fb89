package io.pataka.service.http;

import com.codahale.metrics.MetricRegistry;
import io.dropwizard.metrics.jetty12.InstrumentedConnectionFactory;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.ServerConnector;

/** Makes {@link S3HttpConnection}s instead of Jetty's, with the settings of the factory that it replaces. */
final class S3HttpConnectionFactory extends HttpConnectionFactory {

    private final ClientLimits limits;

    private S3HttpConnectionFactory(HttpConnectionFactory replaced, ClientLimits limits) {
        super(replaced.getHttpConfiguration());
        this.limits = limits;
        setInputBufferSize(replaced.getInputBufferSize());
        setUseInputDirectByteBuffers(replaced.isUseInputDirectByteBuffers());
        setUseOutputDirectByteBuffers(replaced.isUseOutputDirectByteBuffers());
        setTransferEncodingChunkMaxLength(replaced.getTransferEncodingChunkMaxLength());
    }

    /** Called before the connector is started. Keeps Dropwizard's timer of connections. */
    static void installIn(ServerConnector connector, MetricRegistry metrics, ClientLimits limits) {
        HttpConnectionFactory replaced = connector
                .getContainedBeans(HttpConnectionFactory.class)
                .iterator()
                .next();
        S3HttpConnectionFactory ours = new S3HttpConnectionFactory(replaced, limits);
        boolean isCounted = connector.getConnectionFactory(HttpVersion.HTTP_1_1.asString())
                instanceof InstrumentedConnectionFactory;
        ConnectionFactory counted =
                isCounted ? new InstrumentedConnectionFactory(ours, metrics.timer(connectionsOf(connector))) : ours;
        connector.addConnectionFactory(counted);
    }

    /** The name that Dropwizard gives it. */
    private static String connectionsOf(ServerConnector connector) {
        return MetricRegistry.name(
                HttpConnectionFactory.class, connector.getHost(), Integer.toString(connector.getPort()), "connections");
    }

    @Override
    public Connection newConnection(Connector connector, EndPoint endPoint) {
        S3HttpConnection connection = new S3HttpConnection(getHttpConfiguration(), connector, endPoint, limits);
        connection.setTransferEncodingChunkMaxLength(getTransferEncodingChunkMaxLength());
        return configure(connection, connector, endPoint);
    }
}
