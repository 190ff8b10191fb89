package io.pataka.service.http;

import static io.pataka.service.http.EndpointServer.request;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.pataka.service.access.AdmittedCall;
import io.pataka.service.operation.Operation;
import io.pataka.service.protocol.S3Operation;
import io.pataka.service.protocol.S3Response;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Starts an endpoint that keeps the bodies of PutObject, and forgets them before each test. */
final class RecordingEndpoint implements BeforeAllCallback, AfterAllCallback, BeforeEachCallback {

    private final BlockingQueue<byte[]> stored = new LinkedBlockingQueue<>();
    private final BlockingQueue<IOException> broken = new LinkedBlockingQueue<>();
    private EndpointServer server;

    /** Bodies that PutObject has read to their end. */
    BlockingQueue<byte[]> stored() {
        return stored;
    }

    /** Failures of bodies that PutObject has read. */
    BlockingQueue<IOException> broken() {
        return broken;
    }

    void on(S3Operation operation, Operation handler) {
        server.on(operation, handler);
    }

    int port() {
        return server.port();
    }

    int adminPort() {
        return server.adminPort();
    }

    RawConnection connect() throws IOException {
        return server.connect();
    }

    @Override
    public void beforeAll(ExtensionContext context) throws Exception {
        server = new EndpointServer()
                .on(S3Operation.LIST_BUCKETS, call -> S3Response.xml("<Buckets/>".getBytes(UTF_8)))
                .on(S3Operation.PUT_OBJECT, this::store)
                .on(S3Operation.DELETE_OBJECT, call -> S3Response.noContent())
                .start();
    }

    private S3Response store(AdmittedCall call) throws IOException {
        try (InputStream body = call.request().body().open()) {
            stored.add(body.readAllBytes());
            return S3Response.ok().header("ETag", "\"e\"");
        } catch (IOException failure) {
            broken.add(failure);
            throw failure;
        }
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        stored.clear();
        broken.clear();
    }

    @Override
    public void afterAll(ExtensionContext context) {
        server.close();
    }

    static String put(String path, int length) {
        return request("PUT " + path, "Content-Length: " + length);
    }

    /** The connection takes another request. */
    static void assertUsable(RawConnection connection) throws IOException {
        assertThat(connection.send(request("GET /")).reply().status()).isEqualTo(200);
    }
}
