package io.pataka.keystone;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.pataka.keystone.KeystoneMetrics.Call;
import io.pataka.keystone.KeystoneMetrics.Outcome;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;

/**
 * Sends requests to one service of the cloud, Keystone for instance, with limits on time, number and size, to several addresses
 * of the same service.
 *
 * <p>An address that cannot be reached, does not answer in its share of the time, or answers 5xx is skipped for the next one.
 * The address that answered last is tried first the next time. If a connection is closed without an answer, the request is sent
 * once more: the peer may have closed an idle connection at that moment, and all requests can be repeated. (The JDK repeats a
 * GET by itself as well.) Redirects are not followed, because they would carry a token.
 */
final class ServiceHttp {

    static final ObjectMapper JSON = new JsonMapper();

    private static final Duration CONNECT = Duration.ofSeconds(3);

    private final String service;
    private final HttpClient client;
    private final List<URI> addresses;
    private final Semaphore permits;
    private final KeystoneMetrics metrics;

    private volatile List<URI> bases;
    private volatile URI answeredLast;

    /**
     * @param service its name in messages
     * @param addresses of its API, without a slash at the end; if there is none, {@link #prefer} gives one before the first
     *     request
     * @param maxConcurrentCalls most requests in flight
     */
    ServiceHttp(String service, List<URI> addresses, SSLContext tls, int maxConcurrentCalls, KeystoneMetrics metrics) {
        this.service = service;
        this.client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(CONNECT)
                .sslContext(tls)
                .build();
        this.addresses = addresses;
        this.permits = new Semaphore(maxConcurrentCalls);
        this.metrics = metrics;
        this.bases = addresses;
        this.answeredLast = addresses.isEmpty() ? null : addresses.get(0);
    }

    static ServiceHttp ofKeystone(KeystoneSettings settings, KeystoneMetrics metrics) {
        return new ServiceHttp(
                "Keystone", settings.authUrls(), KeystoneTls.context(settings), settings.maxConcurrentCalls(), metrics);
    }

    /**
     * A request below the address of the API.
     *
     * @param path begins with a slash, not with the version of the API
     * @param headers {@code Accept}, if it is there, in place of {@code application/json}
     * @param body JSON, or null
     */
    record Request(Call call, String method, String path, Map<String, String> headers, byte[] body) {}

    /** An answer with a status below 500, other than 429. */
    record Reply(int status, Map<String, List<String>> headers, byte[] body) {

        Optional<String> header(String name) {
            return headers.entrySet().stream()
                    .filter(entry -> entry.getKey().equalsIgnoreCase(name))
                    .flatMap(entry -> entry.getValue().stream())
                    .findFirst();
        }

        /** @throws KeystoneUnavailableException if the answer is not JSON */
        JsonNode json() throws KeystoneUnavailableException {
            try {
                return JSON.readTree(body);
            } catch (IOException malformed) {
                throw KeystoneUnavailableException.failed(
                        "what answers at the address of the service sent no JSON (HTTP " + status + ")", null);
            }
        }
    }

    /** Tries this address, from the catalog, before those that were given at first. */
    void prefer(URI endpoint) {
        List<URI> ordered = new ArrayList<>(List.of(endpoint));
        addresses.stream().filter(url -> !url.equals(endpoint)).forEach(ordered::add);
        if (!ordered.equals(bases)) {
            bases = List.copyOf(ordered);
            answeredLast = endpoint;
        }
    }

    Reply send(Request request, Deadline deadline) throws KeystoneUnavailableException {
        List<URI> inOrder = fromTheOneThatAnsweredLast();
        KeystoneUnavailableException last = null;
        for (int tried = 0; tried < inOrder.size(); tried++) {
            URI base = inOrder.get(tried);
            try {
                Reply reply = oneAddress(base, request, deadline.share(inOrder.size() - tried));
                answeredLast = base;
                return reply;
            } catch (KeystoneUnavailableException unavailable) {
                if (unavailable.outage() == Resolution.Outage.OVERLOADED) {
                    throw unavailable;
                }
                last = unavailable;
            }
        }
        throw last;
    }

    private List<URI> fromTheOneThatAnsweredLast() {
        List<URI> ordered = new ArrayList<>(bases);
        int first = Math.max(0, ordered.indexOf(answeredLast));
        Collections.rotate(ordered, -first);
        return ordered;
    }

    private Reply oneAddress(URI base, Request request, Deadline deadline) throws KeystoneUnavailableException {
        try {
            return judged(base, exchange(base, request, deadline));
        } catch (IOException first) {
            if (isNotWorthRepeating(first) || deadline.isPast()) {
                throw unreachable(base, first);
            }
        }
        try {
            return judged(base, exchange(base, request, deadline));
        } catch (IOException second) {
            throw unreachable(base, second);
        }
    }

    private static boolean isNotWorthRepeating(IOException failure) {
        return failure instanceof HttpTimeoutException
                || failure instanceof ConnectException
                || failure instanceof SSLException;
    }

    private KeystoneUnavailableException unreachable(URI base, IOException failure) {
        if (failure instanceof HttpTimeoutException) {
            String what = failure instanceof HttpConnectTimeoutException ? "cannot be reached" : "does not answer";
            return KeystoneUnavailableException.down(service + " at " + base + " " + what + " in time", failure);
        }
        if (isNotWorthRepeating(failure)) {
            return KeystoneUnavailableException.down(
                    service + " at " + base + " cannot be reached: " + cause(failure), failure);
        }
        return KeystoneUnavailableException.failed(
                service + " at " + base + " closed the connection without an answer: " + cause(failure), failure);
    }

    private static String cause(Throwable failure) {
        Throwable deepest = failure;
        while (deepest.getCause() != null) {
            deepest = deepest.getCause();
        }
        return deepest.getMessage() == null ? deepest.getClass().getSimpleName() : deepest.getMessage();
    }

    private Reply judged(URI base, Reply reply) throws KeystoneUnavailableException {
        int status = reply.status();
        String answer = service + " at " + base + " answered " + status;
        if (status == 429) {
            throw KeystoneUnavailableException.overloaded(retryAfter(reply), answer);
        }
        if (status == 502 || status == 503 || status == 504) {
            throw KeystoneUnavailableException.down(answer, null);
        }
        if (status >= 500) {
            throw KeystoneUnavailableException.failed(answer, null);
        }
        return reply;
    }

    /** In seconds; a date counts as one second (RFC 9110, section 10.2.3). */
    private static Duration retryAfter(Reply reply) {
        return reply.header("Retry-After")
                .filter(text -> text.matches("\\d{1,6}"))
                .map(text -> Duration.ofSeconds(Long.parseLong(text)))
                .orElse(Duration.ofSeconds(1));
    }

    private Reply exchange(URI base, Request request, Deadline deadline)
            throws IOException, KeystoneUnavailableException {
        admit(deadline);
        long begun = System.nanoTime();
        Outcome outcome = Outcome.FAILED;
        try {
            Reply reply = await(client.sendAsync(built(base, request, deadline), LimitedBody.handler()), deadline);
            outcome = outcomeOf(reply.status());
            return reply;
        } catch (HttpTimeoutException late) {
            outcome = Outcome.TIMED_OUT;
            throw late;
        } finally {
            permits.release();
            metrics.called(request.call(), outcome, Duration.ofNanos(System.nanoTime() - begun));
        }
    }

    private void admit(Deadline deadline) throws KeystoneUnavailableException {
        try {
            if (!permits.tryAcquire(deadline.remainingNanos(), TimeUnit.NANOSECONDS)) {
                throw KeystoneUnavailableException.crowded(
                        "too many calls to " + service + " are waiting for an answer");
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw KeystoneUnavailableException.failed("interrupted", interrupted);
        }
    }

    private static HttpRequest built(URI base, Request request, Deadline deadline) {
        HttpRequest.Builder builder = HttpRequest.newBuilder(URI.create(base + request.path()))
                .timeout(Duration.ofNanos(Math.max(1, deadline.remainingNanos())))
                .header("Accept", "application/json")
                .header("User-Agent", "pataka-keystone-middleware");
        request.headers().forEach(builder::setHeader);
        if (request.body() == null) {
            return builder.method(request.method(), HttpRequest.BodyPublishers.noBody())
                    .build();
        }
        return builder.header("Content-Type", "application/json")
                .method(request.method(), HttpRequest.BodyPublishers.ofByteArray(request.body()))
                .build();
    }

    /** The timeout of the JDK's client covers only the headers; this one also covers the body. */
    private static Reply await(CompletableFuture<HttpResponse<byte[]>> answer, Deadline deadline)
            throws IOException, KeystoneUnavailableException {
        try {
            HttpResponse<byte[]> response = answer.get(deadline.remainingNanos(), TimeUnit.NANOSECONDS);
            return new Reply(response.statusCode(), response.headers().map(), response.body());
        } catch (TimeoutException late) {
            answer.cancel(true);
            throw new HttpTimeoutException("no answer in time");
        } catch (InterruptedException interrupted) {
            answer.cancel(true);
            Thread.currentThread().interrupt();
            throw KeystoneUnavailableException.failed("interrupted", interrupted);
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof IOException io) {
                throw io;
            }
            throw new IOException(failed.getCause());
        }
    }

    private static Outcome outcomeOf(int status) {
        return switch (status) {
            case 200, 201, 204 -> Outcome.OK;
            case 401 -> Outcome.UNAUTHORISED;
            case 403 -> Outcome.FORBIDDEN;
            case 404 -> Outcome.NOT_FOUND;
            case 429 -> Outcome.OVERLOADED;
            default -> Outcome.FAILED;
        };
    }
}
