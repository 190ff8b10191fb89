package io.pataka.service.http;

import io.pataka.service.access.AdmittedCall;
import io.pataka.service.auth.Authenticated;
import io.pataka.service.model.BucketName;
import io.pataka.service.model.Caller;
import io.pataka.service.protocol.RawRequest;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import io.pataka.service.protocol.S3Request;
import io.pataka.service.protocol.S3Response;
import io.pataka.service.traffic.RequestLog;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.ws.rs.container.ContainerRequestContext;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;

/**
 * One request and its reply: the servlet's view of both, and what the pipeline found out, for the access log and the metrics.
 * Used only by the thread that serves the request.
 */
final class Exchange {

    private static final String ATTRIBUTE = Exchange.class.getName();

    private final RequestId id;
    private final HttpServletRequest request;
    private final HttpServletResponse response;
    private final ClientBody body;
    private final Pace replyPace;
    private final long startedNanos = System.nanoTime();

    private RawRequest raw;
    private BucketName bucket;
    private S3Request read;
    private Caller caller;
    private AdmittedCall call;
    private RequestLog.Entry logEntry;
    private S3Response reply;
    private long replyBegunNanos;
    private S3Error error;
    private String reason;
    private String rule;
    private long bytesOut;
    private boolean cut;
    private boolean waitedFor;
    private boolean ofWebsite;
    private boolean ofAdministration;
    private boolean ofTopics;

    private Exchange(RequestId id, HttpServletRequest request, HttpServletResponse response, ClientLimits limits) {
        this.id = Objects.requireNonNull(id);
        this.request = Objects.requireNonNull(request);
        this.response = Objects.requireNonNull(response);
        this.body = new ClientBody(request, new Pace(limits.requestRate(), limits.patience()));
        this.replyPace = new Pace(limits.responseRate(), limits.patience());
    }

    /** Begins an exchange and stores it as an attribute of the request, for {@link #of}. */
    static Exchange begin(RequestId id, HttpServletRequest request, HttpServletResponse response, ClientLimits limits) {
        Exchange exchange = new Exchange(id, request, response, limits);
        request.setAttribute(ATTRIBUTE, exchange);
        return exchange;
    }

    /**
     * @throws IllegalStateException when none was begun
     */
    static Exchange of(ContainerRequestContext request) {
        if (request.getProperty(ATTRIBUTE) instanceof Exchange exchange) {
            return exchange;
        }
        throw new IllegalStateException("the request did not come through " + ExchangeFilter.class.getSimpleName());
    }

    RequestId id() {
        return id;
    }

    HttpServletRequest request() {
        return request;
    }

    HttpServletResponse response() {
        return response;
    }

    ClientBody body() {
        return body;
    }

    boolean isHead() {
        return "HEAD".equals(request.getMethod());
    }

    void arrivedAs(RawRequest rawRequest) {
        raw = rawRequest;
    }

    /** Records the bucket, which is known before the operation is. */
    void names(Optional<BucketName> named) {
        bucket = named.orElse(null);
    }

    void readAs(S3Request s3Request) {
        read = s3Request;
    }

    /** Records the caller, and the request with its presigned headers. */
    void proven(Authenticated authenticated) {
        caller = authenticated.caller();
        read = authenticated.request();
    }

    void admitted(AdmittedCall admittedCall) {
        call = admittedCall;
    }

    /** Records the access log of the bucket, if it has one. */
    void loggedIn(RequestLog.Entry entry) {
        logEntry = entry;
    }

    /** Records the reply that is about to be sent. */
    void repliedWith(S3Response answer) {
        reply = answer;
    }

    /** Records that the first byte of the reply is about to be sent. */
    void replyBegins() {
        replyBegunNanos = System.nanoTime();
        if (logEntry != null) {
            logEntry.replying();
        }
    }

    /** Whether the requester pays. */
    boolean isCharged() {
        return call != null && call.isCharged();
    }

    /**
     * @param why for the operator; never holds a secret
     */
    void refused(S3Exception refusal) {
        error = refusal.error();
        reason = refusal.getMessage();
        rule = refusal.rule().orElse(null);
    }

    /**
     * Records that the client did not read the whole reply, whose status was sent.
     *
     * @param why for the operator
     */
    void left(String why) {
        reason = why;
    }

    /**
     * @param nanos how long the server waited for the client
     * @throws ClientGoneException when the client reads too slowly
     */
    void sent(long bytes, long nanos) throws ClientGoneException {
        bytesOut += bytes;
        replyPace.moved(bytes, nanos);
        if (replyPace.isTooSlow()) {
            throw ClientGoneException.whileReading(new TimeoutException("the reply was read too slowly"));
        }
    }

    /** Closes the connection, so that the client notices that the reply is not whole. */
    void cut() {
        cut = true;
        ServletContextRequest.getServletContextRequest(request)
                .getConnectionMetaData()
                .getConnection()
                .getEndPoint()
                .close();
    }

    /** Records that the reply began early; its document will have the result. */
    void waitedFor() {
        waitedFor = true;
    }

    boolean isWaitedFor() {
        return waitedFor;
    }

    boolean isCut() {
        return cut;
    }

    /** Records that the request is for a website, whose errors are pages. */
    void ofWebsite() {
        ofWebsite = true;
    }

    /** Records that the request is for Ceph's admin API, whose errors are JSON. */
    void ofAdministration() {
        ofAdministration = true;
    }

    boolean isOfAdministration() {
        return ofAdministration;
    }

    boolean isOfWebsite() {
        return ofWebsite;
    }

    /** Records that the request is about topics, whose errors have the form of SNS. */
    void ofTopics() {
        ofTopics = true;
    }

    boolean isOfTopics() {
        return ofTopics;
    }

    /** The name of the operation, for the access log and the metrics; for a website as in Amazon's logs, {@code WEBSITE.GET.OBJECT}. */
    Optional<String> operationName() {
        return read().map(S3Request::operation)
                .map(operation -> ofWebsite
                        ? "WEBSITE." + operation.route().method() + (operation.isPreflight() ? ".PREFLIGHT" : ".OBJECT")
                        : operation.amazonName());
    }

    Optional<RawRequest> raw() {
        return Optional.ofNullable(raw);
    }

    Optional<BucketName> bucket() {
        return Optional.ofNullable(bucket);
    }

    Optional<S3Request> read() {
        return Optional.ofNullable(read);
    }

    Optional<Caller> caller() {
        return Optional.ofNullable(caller);
    }

    Optional<AdmittedCall> call() {
        return Optional.ofNullable(call);
    }

    Optional<RequestLog.Entry> logEntry() {
        return Optional.ofNullable(logEntry);
    }

    Optional<S3Response> reply() {
        return Optional.ofNullable(reply);
    }

    /** Time from the last byte of the request to the first byte of the reply; empty if nothing was sent. */
    OptionalLong turnAroundNanos() {
        return replyBegunNanos == 0
                ? OptionalLong.empty()
                : OptionalLong.of(
                        Math.max(0, replyBegunNanos - body.lastByteNanos().orElse(startedNanos)));
    }

    Optional<S3Error> error() {
        return Optional.ofNullable(error);
    }

    Optional<String> reason() {
        return Optional.ofNullable(reason);
    }

    /** The rule that refused the request, if there was one. */
    Optional<String> rule() {
        return Optional.ofNullable(rule);
    }

    long bytesOut() {
        return bytesOut;
    }

    /** Time since the headers were read. */
    long elapsedNanos() {
        return System.nanoTime() - startedNanos;
    }
}
