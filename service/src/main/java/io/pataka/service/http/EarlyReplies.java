package io.pataka.service.http;

import io.pataka.service.protocol.S3Operation;
import io.pataka.service.protocol.S3Response;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * Begins the reply to a slow operation early, with status 200, and sends white space until the operation is done, so that no
 * proxy closes the connection as idle. The document of the reply then has the result or the error.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html">AWS: CopyObject, response</a>
 */
public final class EarlyReplies {

    private final ScheduledExecutorService timer;
    private final CorsHeaders cors;
    private final S3ResponseWriter writer;
    private final Duration interval;

    /**
     * @param timer runs the writes; those that are left when it ends are dropped
     * @param interval time until the first byte, and between two bytes
     */
    public EarlyReplies(ScheduledExecutorService timer, CorsHeaders cors, S3ResponseWriter writer, Duration interval) {
        this.timer = Objects.requireNonNull(timer);
        this.cors = Objects.requireNonNull(cors);
        this.writer = Objects.requireNonNull(writer);
        this.interval = Objects.requireNonNull(interval);
    }

    /** The caller closes the result when the operation is done, and does not write to the reply before. */
    Waiting during(S3Operation operation, Exchange exchange) {
        return operation.is(S3Operation.Trait.SLOW) ? new Pulse(exchange) : () -> {};
    }

    /** Makes a new response each time, because each gets the headers of its own exchange. */
    private static S3Response beginning() {
        return S3Response.ok().header("Content-Type", "application/xml");
    }

    /** The time that an operation takes. */
    @FunctionalInterface
    interface Waiting extends AutoCloseable {
        @Override
        void close();
    }

    private final class Pulse implements Waiting {

        private final Exchange exchange;
        private final ScheduledFuture<?> beats;
        private boolean over;

        Pulse(Exchange exchange) {
            this.exchange = exchange;
            this.beats = timer.scheduleWithFixedDelay(
                    this::beat, interval.toNanos(), interval.toNanos(), TimeUnit.NANOSECONDS);
        }

        private synchronized void beat() {
            // While the client is still sending, the request can still be refused with another status.
            if (!over && !exchange.body().isUnread()) {
                over = exchange.isWaitedFor()
                        ? !writer.keepWaiting(exchange)
                        : !writer.beginEarly(cors.on(beginning(), exchange), exchange);
            }
        }

        @Override
        public synchronized void close() {
            over = true;
            beats.cancel(false);
        }
    }
}
