package io.pataka.service.http;

import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import java.util.concurrent.atomic.AtomicLong;

/** The memory that documents and forms of all requests may take together. It is taken as bytes come in, not as they are announced. */
final class DocumentMemory {

    /** A document is there as buffers, as one array and as parsed elements. */
    private static final int TIMES = 4;

    /** The buffer that a form is read through, and its fields as bytes, text and headers. */
    private static final long FORM = 192 * 1024;

    private final AtomicLong free;

    /**
     * @param bytes all that there is
     */
    DocumentMemory(long bytes) {
        this.free = new AtomicLong(bytes);
    }

    /** What one request takes, until it is closed. Not thread-safe. */
    Share share() {
        return new Share();
    }

    final class Share implements AutoCloseable {

        private long held;

        private Share() {}

        /**
         * So many bytes of a document came in.
         *
         * @throws S3Exception SlowDown when there is no memory left
         */
        void grow(int bytes) {
            take((long) bytes * TIMES);
        }

        /**
         * A form is read.
         *
         * @throws S3Exception as {@link #grow}
         */
        void takeForm() {
            take(FORM);
        }

        private void take(long bytes) {
            if (free.addAndGet(-bytes) < 0) {
                free.addAndGet(bytes);
                throw new S3Exception(S3Error.SLOW_DOWN)
                        .header("Retry-After", "1")
                        .because("documents and forms take all of clients.documentMemory");
            }
            held += bytes;
        }

        @Override
        public void close() {
            free.addAndGet(held);
            held = 0;
        }
    }
}
