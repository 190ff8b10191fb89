package io.pataka.service.http;

import io.pataka.service.access.AdmittedCall;
import io.pataka.service.auth.Authenticated;
import io.pataka.service.model.BucketName;
import io.pataka.service.model.Caller;
import io.pataka.service.protocol.RawRequest;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import io.pataka.service.protocol.S3Request;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.ws.rs.container.ContainerRequestContext;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;

/**
 * One request on its way through the door, with its reply: the servlet's view of both, and what came to be known on the way, for
 * the access log and the metrics. Confined to the thread that serves the request.
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
    private S3Error error;
    private String reason;
    private String rule;
    private long bytesOut;
    private boolean cut;
    private boolean waitedFor;

    private Exchange(RequestId id, HttpServletRequest request, HttpServletResponse response, ClientLimits limits) {
        this.id = Objects.requireNonNull(id);
        this.request = Objects.requireNonNull(request);
        this.response = Objects.requireNonNull(response);
        this.body = new ClientBody(request, new Pace(limits.requestRate(), limits.patience()));
        this.replyPace = new Pace(limits.responseRate(), limits.patience());
    }

    /** Begins an exchange and leaves it with the request, for {@link #of}. */
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

    /** Known before it is clear what is to be done with the bucket. */
    void names(Optional<BucketName> named) {
        bucket = named.orElse(null);
    }

    void readAs(S3Request s3Request) {
        read = s3Request;
    }

    /** Who it is from, and what it asks for now that its presigned headers count. */
    void proven(Authenticated authenticated) {
        caller = authenticated.caller();
        read = authenticated.request();
    }

    void admitted(AdmittedCall admittedCall) {
        call = admittedCall;
    }

    /** Whether the requester pays for what was done. */
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
     * The client did not take the whole reply, of which the status was sent.
     *
     * @param why for the operator
     */
    void left(String why) {
        reason = why;
    }

    /**
     * @param nanos how long the client was waited for
     * @throws ClientGoneException when the client reads too slowly
     */
    void sent(long bytes, long nanos) throws ClientGoneException {
        bytesOut += bytes;
        replyPace.moved(bytes, nanos);
        if (replyPace.isTooSlow()) {
            throw ClientGoneException.whileReading(new TimeoutException("the reply was read too slowly"));
        }
    }

    /** Closes the connection, which ends a reply that cannot be finished so that the client notices. */
    void cut() {
        cut = true;
        ServletContextRequest.getServletContextRequest(request)
                .getConnectionMetaData()
                .getConnection()
                .getEndPoint()
                .close();
    }

    /** The reply has begun, with a document that will tell what becomes of the request. */
    void waitedFor() {
        waitedFor = true;
    }

    boolean isWaitedFor() {
        return waitedFor;
    }

    boolean isCut() {
        return cut;
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

    Optional<S3Error> error() {
        return Optional.ofNullable(error);
    }

    Optional<String> reason() {
        return Optional.ofNullable(reason);
    }

    /** The rule by which the request was refused, where one decided. */
    Optional<String> rule() {
        return Optional.ofNullable(rule);
    }

    long bytesOut() {
        return bytesOut;
    }

    /** Since the headers were read. */
    long elapsedNanos() {
        return System.nanoTime() - startedNanos;
    }
}
