package io.pataka.service.benchmark;

import java.nio.file.Files;
import java.nio.file.Path;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;

/**
 * The limit for GET: the same HTTP server sends files of a folder by their names, without signature, metadata or checksum, in a
 * process of its own.
 */
final class BareJetty {

    private static final int BUFFER = 128 * 1024;

    private BareJetty() {}

    /** @param arguments port and folder */
    public static void main(String[] arguments) throws Exception {
        Server server = new Server();
        HttpConfiguration http = new HttpConfiguration();
        http.setOutputBufferSize(64 * 1024);
        ServerConnector connector = new ServerConnector(server, new HttpConnectionFactory(http));
        connector.setHost("127.0.0.1");
        connector.setPort(Integer.parseInt(arguments[0]));
        server.addConnector(connector);
        server.setHandler(new Sender(Path.of(arguments[1])));
        server.start();
        server.join();
    }

    private static final class Sender extends Handler.Abstract {

        private final Path folder;

        private Sender(Path folder) {
            this.folder = folder;
        }

        @Override
        public boolean handle(Request request, Response response, Callback callback) throws Exception {
            Path file =
                    folder.resolve(Path.of(Request.getPathInContext(request)).getFileName());
            response.getHeaders().put(new HttpField.LongValueHttpField(HttpHeader.CONTENT_LENGTH, Files.size(file)));
            ByteBufferPool pool = request.getComponents().getByteBufferPool();
            Content.copy(Content.Source.from(new ByteBufferPool.Sized(pool, true, BUFFER), file), response, callback);
            return true;
        }
    }
}
