package org.apache.kafka.clients.producer;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.security.Principal;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.ClientUtils;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.common.config.SaslConfigs;
import org.apache.kafka.common.network.ChannelBuilder;
import org.apache.kafka.common.network.ChannelMetadataRegistry;
import org.apache.kafka.common.network.ConnectionMode;
import org.apache.kafka.common.network.InvalidReceiveException;
import org.apache.kafka.common.network.SaslChannelBuilder;
import org.apache.kafka.common.network.TransportLayer;
import org.apache.kafka.common.security.JaasContext;
import org.apache.kafka.common.security.auth.SecurityProtocol;
import org.apache.kafka.common.utils.LogContext;
import org.apache.kafka.common.utils.Time;

/**
 * A connection that reads the answers during SASL with a limit. Kafka's client has a limit only for those that come afterwards, as it has none
 * of its own for connections without SASL.
 */
final class BoundedAnswers implements TransportLayer {

    private static final int LENGTH_BYTES = 4;

    private final TransportLayer layer;
    private final int longest;

    private BoundedAnswers(TransportLayer layer, int longest) {
        this.layer = layer;
        this.longest = longest;
    }

    /** Makes the connections that the settings ask for, as {@link ClientUtils} does. */
    static ChannelBuilder of(ProducerConfig config, int longest, LogContext log) {
        SecurityProtocol protocol =
                SecurityProtocol.forName(config.getString(CommonClientConfigs.SECURITY_PROTOCOL_CONFIG));
        if (protocol != SecurityProtocol.SASL_PLAINTEXT && protocol != SecurityProtocol.SASL_SSL) {
            return ClientUtils.createChannelBuilder(config, Time.SYSTEM, log);
        }
        Map<String, Object> settings = new HashMap<>(config.originals());
        settings.putAll(config.values());
        String mechanism = config.getString(SaslConfigs.SASL_MECHANISM);
        ChannelBuilder builder =
                new SaslChannelBuilder(
                        ConnectionMode.CLIENT,
                        Map.of(mechanism, JaasContext.loadClientContext(settings)),
                        protocol,
                        null,
                        false,
                        mechanism,
                        null,
                        null,
                        null,
                        Time.SYSTEM,
                        log,
                        null) {
                    @Override
                    protected TransportLayer buildTransportLayer(
                            String id, SelectionKey key, SocketChannel channel, ChannelMetadataRegistry registry)
                            throws IOException {
                        return new BoundedAnswers(super.buildTransportLayer(id, key, channel, registry), longest);
                    }
                };
        builder.configure(settings);
        return builder;
    }

    /** The client reads the length of an answer into a buffer of its own, before it makes one for the answer. */
    @Override
    public int read(ByteBuffer buffer) throws IOException {
        int bytes = layer.read(buffer);
        if (buffer.capacity() == LENGTH_BYTES && !buffer.hasRemaining() && buffer.getInt(0) > longest) {
            throw new InvalidReceiveException("the answer has more than " + longest + " bytes");
        }
        return bytes;
    }

    @Override
    public long read(ByteBuffer[] buffers) throws IOException {
        return layer.read(buffers);
    }

    @Override
    public long read(ByteBuffer[] buffers, int offset, int length) throws IOException {
        return layer.read(buffers, offset, length);
    }

    @Override
    public int write(ByteBuffer buffer) throws IOException {
        return layer.write(buffer);
    }

    @Override
    public long write(ByteBuffer[] buffers) throws IOException {
        return layer.write(buffers);
    }

    @Override
    public long write(ByteBuffer[] buffers, int offset, int length) throws IOException {
        return layer.write(buffers, offset, length);
    }

    @Override
    public boolean hasPendingWrites() {
        return layer.hasPendingWrites();
    }

    @Override
    public long transferFrom(FileChannel file, long position, long count) throws IOException {
        return layer.transferFrom(file, position, count);
    }

    @Override
    public boolean ready() {
        return layer.ready();
    }

    @Override
    public boolean finishConnect() throws IOException {
        return layer.finishConnect();
    }

    @Override
    public void disconnect() {
        layer.disconnect();
    }

    @Override
    public boolean isConnected() {
        return layer.isConnected();
    }

    @Override
    public SocketChannel socketChannel() {
        return layer.socketChannel();
    }

    @Override
    public SelectionKey selectionKey() {
        return layer.selectionKey();
    }

    @Override
    public void handshake() throws IOException {
        layer.handshake();
    }

    @Override
    public Principal peerPrincipal() throws IOException {
        return layer.peerPrincipal();
    }

    @Override
    public void addInterestOps(int operations) {
        layer.addInterestOps(operations);
    }

    @Override
    public void removeInterestOps(int operations) {
        layer.removeInterestOps(operations);
    }

    @Override
    public boolean isMute() {
        return layer.isMute();
    }

    @Override
    public boolean hasBytesBuffered() {
        return layer.hasBytesBuffered();
    }

    @Override
    public boolean isOpen() {
        return layer.isOpen();
    }

    @Override
    public void close() throws IOException {
        layer.close();
    }
}
