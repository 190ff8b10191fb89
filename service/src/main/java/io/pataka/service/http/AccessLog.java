package io.pataka.service.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.pataka.service.model.Caller;
import io.pataka.service.protocol.PercentCoding;
import io.pataka.service.protocol.RawRequest;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import io.pataka.service.protocol.S3Request;
import io.pataka.service.protocol.SecretFields;
import java.io.IOException;
import java.io.StringWriter;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One line of JSON for each request, to the logger {@value #LOGGER}. Never a secret, a signature, a session token or a key. */
public final class AccessLog {

    /** Its lines are whole: an appender should print the message and nothing else. */
    public static final String LOGGER = "io.pataka.access";

    private static final Logger LOG = LoggerFactory.getLogger(LOGGER);
    private static final JsonFactory JSON = new JsonFactory();

    /** Query parameters with which another client could repeat the request. */
    private static final Set<String> SECRET = Set.of(
            "signature", "x-amz-signature", "x-amz-security-token", "password", "push-endpoint", "attributevalue");

    private final Clock clock;

    public AccessLog(Clock clock) {
        this.clock = clock;
    }

    void write(Exchange exchange) {
        if (LOG.isInfoEnabled()) {
            LOG.info(line(exchange));
        }
    }

    /**
     * A request that the HTTP parser refused.
     *
     * @param line empty when not even the request line could be read
     */
    void writeRejected(
            RequestId id,
            String remoteAddress,
            Optional<S3HttpConnection.RequestLine> line,
            S3Error error,
            String reason) {
        if (LOG.isInfoEnabled()) {
            StringWriter text = new StringWriter(256);
            try (JsonGenerator json = JSON.createGenerator(text)) {
                json.writeStartObject();
                json.writeStringField("time", now());
                json.writeStringField("requestId", id.text());
                json.writeStringField("remote", remoteAddress);
                write(json, "method", line.map(S3HttpConnection.RequestLine::method));
                write(json, "uri", line.map(S3HttpConnection.RequestLine::uri).map(AccessLog::maskedUri));
                json.writeNumberField("status", error.status());
                json.writeStringField("error", error.code());
                json.writeStringField("reason", reason);
                json.writeEndObject();
            } catch (IOException impossible) {
                throw new IllegalStateException("a string can be written to", impossible);
            }
            LOG.info(text.toString());
        }
    }

    String line(Exchange exchange) {
        StringWriter line = new StringWriter(512);
        try (JsonGenerator json = JSON.createGenerator(line)) {
            json.writeStartObject();
            json.writeStringField("time", now());
            json.writeStringField("requestId", exchange.id().text());
            writeRequest(json, exchange);
            json.writeNumberField("status", exchange.response().getStatus());
            write(json, "error", exchange.error().map(S3Error::code));
            write(json, "reason", exchange.reason());
            write(json, "rule", exchange.rule());
            json.writeNumberField("bytesIn", exchange.body().bytesRead());
            json.writeNumberField("bytesOut", exchange.bytesOut());
            json.writeNumberField("micros", exchange.elapsedNanos() / 1_000);
            json.writeBooleanField("cut", exchange.isCut());
            json.writeEndObject();
        } catch (IOException impossible) {
            throw new IllegalStateException("a string can be written to", impossible);
        }
        return line.toString();
    }

    private String now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS).toString();
    }

    private static void writeRequest(JsonGenerator json, Exchange exchange) throws IOException {
        Optional<RawRequest> raw = exchange.raw();
        if (raw.isPresent()) {
            json.writeStringField("remote", raw.get().remoteAddress());
            json.writeStringField("method", raw.get().method());
            json.writeStringField("uri", raw.get().path() + masked(raw.get().query()));
            write(json, "userAgent", raw.get().headers().text("user-agent"));
        }
        Optional<S3Request> read = exchange.read();
        if (read.isPresent()) {
            write(json, "operation", exchange.operationName());
            write(json, "bucket", read.get().bucket().map(Object::toString));
            write(json, "key", read.get().key().map(Object::toString));
        }
        Optional<Caller> caller = exchange.caller();
        if (caller.isPresent()) {
            write(json, "accessKey", caller.get().accessKey());
            json.writeStringField("account", caller.get().account().id());
            json.writeStringField("user", caller.get().user().id());
        }
    }

    private static void write(JsonGenerator json, String field, Optional<String> value) throws IOException {
        if (value.isPresent()) {
            json.writeStringField(field, value.get());
        }
    }

    private static String maskedUri(String uri) {
        int query = uri.indexOf('?');
        return query < 0 ? uri : uri.substring(0, query) + masked(uri.substring(query + 1));
    }

    /** The query with its question mark, without the parameters with which the request could be repeated. */
    static String masked(String query) {
        if (query.isEmpty()) {
            return "";
        }
        StringBuilder text = new StringBuilder(query.length() + 1);
        char separator = '?';
        for (String pair : query.split("&", -1)) {
            int equals = pair.indexOf('=');
            boolean isSecret = equals > 0 && isSecret(pair.substring(0, equals));
            text.append(separator).append(isSecret ? pair.substring(0, equals + 1) + "***" : pair);
            separator = '&';
        }
        return text.toString();
    }

    private static boolean isSecret(String rawName) {
        try {
            String name = PercentCoding.decodeQuery(rawName);
            return SECRET.contains(name.toLowerCase(Locale.ROOT))
                    || name.startsWith("Attributes.entry.")
                    || SecretFields.has(name);
        } catch (S3Exception brokenEscape) {
            return false;
        }
    }
}
