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
import io.pataka.service.protocol.S3Operation;
import io.pataka.service.protocol.S3Request;
import io.pataka.service.protocol.S3Response;
import io.pataka.service.traffic.RequestBooks;
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

/**
 * What requests leave behind when they end: lines in the access logs of their buckets, and counts. No request fails because of it.
 */
public final class ExchangeRecords {

    private static final Logger LOG = LoggerFactory.getLogger(ExchangeRecords.class);

    private static final int NO_CONTENT = 204;

    private final RequestLog log;
    private final RequestBooks books;
    private final Clock clock;

    public ExchangeRecords(RequestLog log, RequestBooks books, Clock clock) {
        this.log = Objects.requireNonNull(log);
        this.books = Objects.requireNonNull(books);
        this.clock = Objects.requireNonNull(clock);
    }

    /** Notes the access log as it is configured now: a request that ends logging or deletes the bucket is logged. */
    void admitted(AdmittedCall call, Exchange exchange) {
        call.existingBucket().flatMap(log::of).ifPresent(exchange::loggedIn);
    }

    /** Called when the reply is written, on the thread that served the request. */
    void ended(Exchange exchange) {
        try {
            Optional<Bucket> bucket = bucket(exchange);
            log(bucket, exchange);
            count(bucket, exchange);
        } catch (RuntimeException failure) {
            LOG.error("Request {} left no record", exchange.id().text(), failure);
        }
    }

    /** The bucket that the request names, if there is one. */
    private Optional<Bucket> bucket(Exchange exchange) {
        if (exchange.call().isPresent()) {
            return exchange.call().get().existingBucket();
        }
        // The gate refused the request, or its sender could not be authenticated.
        return exchange.bucket()
                .filter(name -> exchange.error().isPresent() && exchange.error().get() != S3Error.NO_SUCH_BUCKET)
                .flatMap(log::find);
    }

    private void log(Optional<Bucket> bucket, Exchange exchange) {
        if (exchange.call().isEmpty()) {
            bucket.filter(log::isLogged).ifPresent(found -> log.add(found, lines(found, exchange)));
            return;
        }
        exchange.logEntry().ifPresent(entry -> entry.end(lines(bucket.orElseThrow(), exchange)));
        exchange.call()
                .flatMap(AdmittedCall::sourceBucket)
                .filter(log::isLogged)
                .ifPresent(source -> log.add(source, List.of(ofSource(source, exchange))));
    }

    /** Counts a request for the owner of the bucket and not for the caller, as Ceph does. */
    private void count(Optional<Bucket> bucket, Exchange exchange) {
        Optional<S3Operation> operation = exchange.read().map(S3Request::operation);
        Optional<String> account = bucket.map(found -> found.owner().id())
                .or(() -> exchange.caller()
                        .filter(caller -> !caller.isAnonymous())
                        .map(caller -> caller.account().id()));
        if (operation.isEmpty() || account.isEmpty()) {
            return;
        }
        boolean isSuccessful = exchange.error().isEmpty();
        String none = exchange.bucket().isEmpty()
                ? ""
                : isSuccessful ? exchange.bucket().get().text() : RequestBooks.NO_BUCKET;
        books.count(
                account.get(),
                bucket.map(found -> found.name().text()).orElse(none),
                operation.get().usageCategory(),
                isSuccessful,
                exchange.bytesOut(),
                exchange.body().bytesRead());
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
