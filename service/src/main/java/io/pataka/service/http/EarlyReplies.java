package io.pataka.service.http;

import io.pataka.service.protocol.S3Operation;
import io.pataka.service.protocol.S3Response;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * Begins the reply to an operation that takes its time, and sends white space until it is done, lest somebody on the way takes the
 * connection for dead. What becomes of the operation, an error too, is then told in the document of a reply with status 200.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html">AWS: CopyObject, response</a>
 */
public final class EarlyReplies {

    /** Those whose clients look for an error in a reply of 200. */
    private static final Set<S3Operation> SLOW =
            EnumSet.of(S3Operation.COPY_OBJECT, S3Operation.UPLOAD_PART_COPY, S3Operation.COMPLETE_MULTIPART_UPLOAD);

    private final ScheduledExecutorService timer;
    private final CorsHeaders cors;
    private final S3ResponseWriter writer;
    private final Duration interval;

    /**
     * @param timer waits and writes; what is left in it at its end is given up
     * @param interval how long a client waits for the first byte, and then for each
     */
    public EarlyReplies(ScheduledExecutorService timer, CorsHeaders cors, S3ResponseWriter writer, Duration interval) {
        this.timer = Objects.requireNonNull(timer);
        this.cors = Objects.requireNonNull(cors);
        this.writer = Objects.requireNonNull(writer);
        this.interval = Objects.requireNonNull(interval);
    }

    /** To be closed when the operation is done; until then the reply is not the caller's. */
    Waiting during(S3Operation operation, Exchange exchange) {
        return SLOW.contains(operation) ? new Pulse(exchange) : () -> {};
    }

    /** A new one each time, since it gets the headers of its own exchange. */
    private static S3Response beginning() {
        return S3Response.ok().header("Content-Type", "application/xml");
    }

    /** The time an operation takes. */
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
            // Whoever still sends may yet be told that the request is wrong.
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
