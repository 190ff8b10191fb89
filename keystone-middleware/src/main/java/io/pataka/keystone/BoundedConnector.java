package io.pataka.keystone;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.pataka.keystone.ServiceHttp.Reply;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.Map;
import org.openstack4j.api.exceptions.ClientResponseException;
import org.openstack4j.core.transport.ExecutionOptions;
import org.openstack4j.core.transport.HttpEntityHandler;
import org.openstack4j.core.transport.HttpExecutorService;
import org.openstack4j.core.transport.HttpRequest;
import org.openstack4j.core.transport.HttpResponse;
import org.openstack4j.core.transport.ObjectMapperSingleton;

/** OpenStack4j's connector over {@link ServiceHttp}; found by OpenStack4j with {@code ServiceLoader}, hence public. */
public final class BoundedConnector implements HttpExecutorService {

    static final String NAME = "Pataka Keystone middleware";

    @Override
    public String getExecutorDisplayName() {
        return NAME;
    }

    @Override
    public <R> HttpResponse execute(HttpRequest<R> request) {
        Map<String, String> headers = new HashMap<>();
        request.getHeaders().forEach((name, value) -> headers.put(name, String.valueOf(value)));
        // ServiceHttp sets these itself.
        headers.keySet().removeIf(name -> name.equalsIgnoreCase("User-Agent") || name.equalsIgnoreCase("Content-Type"));
        return new Answer(OpenStack4jCalls.send(request, body(request), headers));
    }

    private static byte[] body(HttpRequest<?> request) {
        if (request.getEntity() == null) {
            return request.hasJson() ? request.getJson().getBytes(UTF_8) : null;
        }
        try {
            return ObjectMapperSingleton.getContext(request.getEntity().getClass())
                    .writeValueAsBytes(request.getEntity());
        } catch (JsonProcessingException unwritable) {
            throw new IllegalArgumentException(unwritable);
        }
    }

    private record Answer(Reply reply) implements HttpResponse {

        @Override
        public <T> T getEntity(Class<T> type) {
            return getEntity(type, null);
        }

        @Override
        public <T> T getEntity(Class<T> type, ExecutionOptions<T> options) {
            return HttpEntityHandler.handle(this, type, options, true);
        }

        @Override
        public <T> T readEntity(Class<T> type) {
            try {
                return ObjectMapperSingleton.getContext(type).readerFor(type).readValue(reply.body());
            } catch (IOException malformed) {
                // Without the parser's message, which quotes the answer.
                throw new ClientResponseException("Keystone's answer is not what OpenStack4j expects", reply.status());
            }
        }

        @Override
        public int getStatus() {
            return reply.status();
        }

        @Override
        public String getStatusMessage() {
            return "HTTP " + reply.status();
        }

        @Override
        public String getContentType() {
            return header("Content-Type");
        }

        @Override
        public InputStream getInputStream() {
            return new ByteArrayInputStream(reply.body());
        }

        @Override
        public String header(String name) {
            return reply.header(name).orElse(null);
        }

        @Override
        public Map<String, String> headers() {
            Map<String, String> first = new HashMap<>();
            reply.headers().forEach((name, values) -> first.put(name, values.get(0)));
            return first;
        }

        @Override
        public void close() {}
    }
}
