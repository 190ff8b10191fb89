package io.pataka.service.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.pataka.service.model.ByteSource;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import io.pataka.service.protocol.S3Response;
import io.pataka.service.protocol.xml.ErrorXml;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes the reply to a request that failed. */
public final class S3ErrorMapper {

    private static final JsonFactory JSON = new JsonFactory();
    private static final Logger LOG = LoggerFactory.getLogger(S3ErrorMapper.class);

    private final List<Outage> outages;

    /** @param outages exceptions that are thrown when the database, Keystone or storage fails; the first that matches counts */
    public S3ErrorMapper(List<Outage> outages) {
        this.outages = List.copyOf(outages);
    }

    /**
     * A failure of a dependency, which may be over at the next attempt.
     *
     * @param cause the exception
     * @param answer an error of status 503
     * @param retryAfter at least one second
     */
    public record Outage(Class<? extends Exception> cause, S3Error answer, Duration retryAfter) {
        public Outage {
            Objects.requireNonNull(cause);
            Objects.requireNonNull(answer);
            if (retryAfter.toSeconds() < 1) {
                throw new IllegalArgumentException("Retry-After counts whole seconds, so not " + retryAfter);
            }
        }
    }

    /** Makes the reply, and logs a failure that the client did not cause, once. */
    S3Response answer(Throwable failure, Exchange exchange) {
        for (Throwable at = failure; at != null; at = at.getCause()) {
            if (at instanceof S3Exception refusal) {
                return refuse(refusal, exchange);
            }
            if (at instanceof ClientGoneException gone) {
                return refuse(unfinished(gone), exchange);
            }
            for (Outage outage : outages) {
                if (outage.cause().isInstance(at)) {
                    LOG.warn("Request {}: {}", exchange.id().text(), at.toString());
                    return refuse(unavailable(outage), exchange);
                }
            }
        }
        LOG.error("Request {} failed", exchange.id().text(), failure);
        return refuse(new S3Exception(S3Error.INTERNAL_ERROR), exchange);
    }

    private static S3Exception unavailable(Outage outage) {
        return new S3Exception(outage.answer())
                .header("Retry-After", Long.toString(outage.retryAfter().toSeconds()));
    }

    /** The error for a client that closed only its sending side: it can still read. */
    private static S3Exception unfinished(ClientGoneException gone) {
        return new S3Exception(gone.isLate() ? S3Error.REQUEST_TIMEOUT : S3Error.INCOMPLETE_BODY)
                .header("Connection", "close");
    }

    private static S3Response refuse(S3Exception refusal, Exchange exchange) {
        exchange.refused(refusal);
        if (exchange.isOfWebsite()) {
            return ErrorPage.of(refusal, Optional.empty(), exchange.id());
        }
        if (exchange.isOfTopics()) {
            return topicError(refusal, exchange);
        }
        if (exchange.isOfAdministration()) {
            return S3Response.status(refusal.error().status())
                    .header("Content-Type", "application/json")
                    .headers(refusal.headers())
                    .body(ByteSource.of(json(refusal, exchange.id())));
        }
        byte[] document = ErrorXml.write(
                refusal.error().code(),
                refusal.getMessage(),
                refusal.details(),
                exchange.id().text(),
                exchange.id().hostId());
        return S3Response.status(refusal.error().status())
                .header("Content-Type", "application/xml")
                .headers(refusal.headers())
                .body(ByteSource.of(document));
    }

    private static byte[] json(S3Exception refusal, RequestId id) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator json = JSON.createGenerator(bytes)) {
            json.writeStartObject();
            json.writeStringField("Code", refusal.error().code());
            json.writeStringField("Message", refusal.getMessage());
            json.writeStringField("RequestId", id.text());
            json.writeStringField("HostId", id.hostId());
            json.writeEndObject();
        } catch (IOException impossible) {
            throw new IllegalStateException("an array can be written to", impossible);
        }
        return bytes.toByteArray();
    }

    /** SDKs of SNS read errors only in this form, and know a refusal by this code. */
    private static S3Response topicError(S3Exception refusal, Exchange exchange) {
        S3Error error = refusal.error() == S3Error.ACCESS_DENIED ? S3Error.AUTHORIZATION_ERROR : refusal.error();
        String message = refusal.error() == S3Error.ACCESS_DENIED ? error.message() : refusal.getMessage();
        byte[] document = ErrorXml.writeForTopics(
                error.status() < 500,
                error.code(),
                message,
                refusal.details(),
                exchange.id().text());
        return S3Response.status(error.status())
                .header("Content-Type", "text/xml")
                .headers(refusal.headers())
                .body(ByteSource.of(document));
    }
}
