package io.pataka.service.delivery;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.pataka.service.notification.Endpoint;
import io.pataka.service.notification.EndpointPassword;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.client.BytesRequestContent;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.client.Response;
import org.eclipse.jetty.client.Result;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;

/** Sends each event as a POST request. An event is delivered when the answer has a status of 200 to 299. */
final class HttpSender implements EventSender {

    private static final Duration BATCH = Duration.ofSeconds(10);

    /** Of an answer's body, which nothing reads; a longer one costs the connection. */
    private static final int BODY_BYTES = 64 * 1024;

    private final HttpClient client;
    private final URI uri;
    private final Optional<String> authorization;
    private final boolean cloudEvents;
    private final Duration patience;

    HttpSender(HttpClient client, Endpoint.Http endpoint, Optional<EndpointPassword> password, Duration patience) {
        this.client = Objects.requireNonNull(client);
        this.uri = endpoint.address();
        this.authorization = endpoint.user().map(user -> basic(user, password));
        this.cloudEvents = endpoint.cloudEvents();
        this.patience = Objects.requireNonNull(patience);
    }

    /** RFC 7617. */
    private static String basic(String user, Optional<EndpointPassword> password) {
        String both = user + ":" + password.map(EndpointPassword::secret).orElse("");
        return "Basic " + Base64.getEncoder().encodeToString(both.getBytes(UTF_8));
    }

    @Override
    public Sent send(List<Event> events) throws InterruptedException {
        long end = System.nanoTime() + BATCH.toNanos();
        int sent = 0;
        for (Event event : events) {
            if (sent > 0 && System.nanoTime() - end > 0) {
                break;
            }
            String fault = post(event);
            if (fault != null) {
                return Sent.failed(sent, fault);
            }
            sent++;
        }
        return Sent.first(sent);
    }

    /** Why the destination did not take the event; null if it did. */
    @SuppressWarnings("FutureReturnValueIgnored") // Whether there was a request to abort makes no difference.
    private String post(Event event) throws InterruptedException {
        if (uri.getHost() == null) {
            return "its address has no host";
        }
        Request request = client.newRequest(uri)
                .method(HttpMethod.POST)
                .body(new BytesRequestContent("application/json", event.body()))
                .timeout(patience.toMillis(), TimeUnit.MILLISECONDS)
                .headers(fields -> {
                    if (cloudEvents) {
                        event.cloudEventHeaders().forEach(fields::put);
                    }
                    authorization.ifPresent(value -> fields.put(HttpHeader.AUTHORIZATION, value));
                });
        Answer answer = new Answer();
        request.send(answer);
        try {
            // The client's own limit ends the request first; it begins when the request is sent.
            return answer.fault.get(2 * patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException stopping) {
            request.abort(stopping);
            throw stopping;
        } catch (ExecutionException | TimeoutException e) {
            request.abort(e);
            return "no answer: " + e;
        }
    }

    /** Reads the status of an answer and as much of its body as the connection needs to be used again. */
    private static final class Answer implements Response.Listener {

        private final CompletableFuture<String> fault = new CompletableFuture<>();
        private long read;

        @Override
        @SuppressWarnings("FutureReturnValueIgnored") // Whether there was an answer to abort makes no difference.
        public void onContent(Response response, ByteBuffer content) {
            read += content.remaining();
            if (read > BODY_BYTES) {
                response.abort(new IllegalStateException("the answer is longer than " + BODY_BYTES + " bytes"));
            }
        }

        /** The status decides, also if the body was not read to its end. */
        @Override
        public void onComplete(Result result) {
            int status = result.getResponse().getStatus();
            if (status >= 200 && status < 300) {
                fault.complete(null);
            } else if (status > 0) {
                fault.complete("it answered with the status " + status);
            } else {
                fault.complete("no answer: " + result.getFailure());
            }
        }
    }

    /** The connections are shared, and are closed when they are idle. */
    @Override
    public void close() {}
}
