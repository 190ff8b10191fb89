package io.pataka.service.http;

import io.pataka.service.access.AdmittedCall;
import io.pataka.service.access.policy.PolicyPrincipal;
import io.pataka.service.logging.LoggedExchange;
import io.pataka.service.logging.LoggedOperation;
import io.pataka.service.logging.StandardRecord;
import io.pataka.service.model.Bucket;
import io.pataka.service.model.Caller;
import io.pataka.service.model.ObjectKey;
import io.pataka.service.protocol.CopySource;
import io.pataka.service.protocol.KeyOutcome;
import io.pataka.service.protocol.RawRequest;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Request;
import io.pataka.service.protocol.S3Response;
import io.pataka.service.traffic.RequestLog;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;
import org.eclipse.jetty.io.EndPoint.SslSessionData;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What requests leave behind when they end: lines in the access logs of their buckets. No request fails because of it. */
public final class ExchangeRecords {

    private static final Logger LOG = LoggerFactory.getLogger(ExchangeRecords.class);

    private static final int NO_CONTENT = 204;

    private final RequestLog log;
    private final Clock clock;

    public ExchangeRecords(RequestLog log, Clock clock) {
        this.log = Objects.requireNonNull(log);
        this.clock = Objects.requireNonNull(clock);
    }

    /** Notes the access log as it is configured now: a request that ends logging or deletes the bucket is logged. */
    void admitted(AdmittedCall call, Exchange exchange) {
        call.existingBucket().flatMap(log::of).ifPresent(exchange::loggedIn);
    }

    /** Called when the reply is written, on the thread that served the request. */
    void ended(Exchange exchange) {
        try {
            logged(exchange);
        } catch (RuntimeException failure) {
            LOG.error(
                    "Request {} is missing in the access log of its bucket",
                    exchange.id().text(),
                    failure);
        }
    }

    private void logged(Exchange exchange) {
        Optional<AdmittedCall> call = exchange.call();
        Optional<Bucket> source = call.flatMap(AdmittedCall::sourceBucket).filter(log::isLogged);
        if (call.isEmpty()) {
            // The gate refused the request, or nobody knows who sent it.
            exchange.bucket()
                    .filter(name ->
                            exchange.error().isPresent() && exchange.error().get() != S3Error.NO_SUCH_BUCKET)
                    .flatMap(log::logged)
                    .ifPresent(bucket -> log.add(bucket, lines(bucket, exchange)));
            return;
        }
        exchange.logEntry().ifPresent(entry -> entry.end(lines(call.get().bucket(), exchange)));
        source.ifPresent(bucket -> log.add(bucket, List.of(ofSource(bucket, exchange))));
    }

    private List<StandardRecord> lines(Bucket bucket, Exchange exchange) {
        LoggedExchange logged = describe(exchange);
        Instant time = begun(exchange);
        List<StandardRecord> lines = new ArrayList<>();
        Optional<S3Request> read = exchange.read();
        LoggedOperation operation = LoggedOperation.ofRequest(
                exchange.isOfWebsite()
                        ? exchange.operationName().orElse("WEBSITE." + logged.method() + ".OBJECT")
                        : read.map(request -> request.operation().logName())
                                .orElse("REST." + logged.method() + ".BUCKET"));
        lines.add(record(
                bucket,
                time,
                exchange,
                operation,
                read.flatMap(S3Request::key),
                exchange.reply().map(S3Response::objectSize).orElse(OptionalLong.empty()),
                read.flatMap(S3Request::versionId),
                logged));
        for (KeyOutcome outcome : exchange.reply().map(S3Response::keys).orElse(List.of())) {
            LoggedExchange ofKey = logged.ofKey(
                    outcome.error().map(S3Error::status).orElse(NO_CONTENT),
                    outcome.error().map(S3Error::code));
            lines.add(record(
                    bucket,
                    time,
                    exchange,
                    LoggedOperation.BATCH_DELETE,
                    Optional.of(outcome.key()),
                    OptionalLong.empty(),
                    outcome.versionId(),
                    ofKey));
        }
        return lines;
    }

    /** The line in the log of the bucket that a copy reads from. */
    private StandardRecord ofSource(Bucket bucket, Exchange exchange) {
        S3Request read = exchange.read().orElseThrow();
        CopySource source = CopySource.of(read.headers());
        return record(
                bucket,
                begun(exchange),
                exchange,
                LoggedOperation.ofRequest(read.operation().logName()).ofSource(),
                Optional.of(source.key()),
                exchange.reply().map(S3Response::objectSize).orElse(OptionalLong.empty()),
                source.versionId(),
                describe(exchange));
    }

    private static StandardRecord record(
            Bucket bucket,
            Instant time,
            Exchange exchange,
            LoggedOperation operation,
            Optional<ObjectKey> key,
            OptionalLong objectSize,
            Optional<String> versionId,
            LoggedExchange logged) {
        return new StandardRecord(
                bucket.owner().id(),
                bucket.name(),
                time,
                Optional.of(exchange.id().text()),
                operation,
                key,
                objectSize,
                versionId,
                Optional.of(logged));
    }

    private Instant begun(Exchange exchange) {
        return clock.instant().minusNanos(exchange.elapsedNanos());
    }

    private static LoggedExchange describe(Exchange exchange) {
        RawRequest raw = exchange.raw().orElseThrow();
        Optional<Caller> signer = exchange.caller().filter(caller -> !caller.isAnonymous());
        OptionalLong turnAround = exchange.turnAroundNanos();
        return new LoggedExchange(
                raw.remoteAddress(),
                signer.map(caller -> PolicyPrincipal.of(caller).arn()),
                raw.method(),
                raw.path() + AccessLog.masked(raw.query()),
                exchange.request().getProtocol(),
                exchange.response().getStatus(),
                exchange.error().map(S3Error::code),
                exchange.bytesOut(),
                TimeUnit.NANOSECONDS.toMillis(exchange.elapsedNanos()),
                turnAround.isPresent()
                        ? OptionalLong.of(TimeUnit.NANOSECONDS.toMillis(turnAround.getAsLong()))
                        : turnAround,
                raw.headers().first("referer"),
                raw.headers().first("user-agent"),
                exchange.id().hostId(),
                signer.flatMap(caller -> signature(raw, exchange)),
                tls(exchange),
                raw.headers().first("host"),
                exchange.call().filter(AdmittedCall::isAllowedByAcl).isPresent());
    }

    /** How the request was signed that was authenticated; empty for a form, whose signature is in its fields. */
    private static Optional<LoggedExchange.Signature> signature(RawRequest raw, Exchange exchange) {
        Optional<S3Request> read = exchange.read();
        boolean version2 = read.filter(S3Request::isSignedByVersion2).isPresent();
        String version = version2 ? "SigV2" : "SigV4";
        if (raw.headers().has("authorization")) {
            return Optional.of(new LoggedExchange.Signature(version, "AuthHeader"));
        }
        boolean inQuery = read.filter(
                        request -> version2 || request.parameters().has("X-Amz-Signature"))
                .isPresent();
        if (inQuery) {
            return Optional.of(new LoggedExchange.Signature(version, "QueryString"));
        }
        return Optional.empty();
    }

    private static Optional<LoggedExchange.Tls> tls(Exchange exchange) {
        Object session = ServletContextRequest.getServletContextRequest(exchange.request())
                .getAttribute(SslSessionData.ATTRIBUTE);
        return session instanceof SslSessionData tls
                ? Optional.of(LoggedExchange.Tls.ofJava(
                        tls.sslSession().getProtocol(), tls.sslSession().getCipherSuite()))
                : Optional.empty();
    }
}
