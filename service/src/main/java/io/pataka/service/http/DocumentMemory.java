package io.pataka.service.http;

import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The memory budget that documents and forms of all requests share. It is taken as bytes arrive, not as Content-Length
 * announces them.
 */
final class DocumentMemory {

    /** A document is held as buffers, as one array, and as parsed elements. */
    private static final int TIMES = 4;

    /** The buffer that a form is read through, and its fields as bytes, text and headers. */
    private static final long FORM = 192 * 1024;

    private final AtomicLong free;

    /** @param bytes the whole budget */
    DocumentMemory(long bytes) {
        this.free = new AtomicLong(bytes);
    }

    /** The share of one request, which closing it gives back. Not thread-safe. */
    Share share() {
        return new Share();
    }

    final class Share implements AutoCloseable {

        private long held;

        private Share() {}

        /**
         * Takes memory for the next bytes of a document.
         *
         * @throws S3Exception SlowDown when the budget is used up
         */
        void grow(int bytes) {
            take((long) bytes * TIMES);
        }

        /**
         * Takes memory for the buffers and fields of a form.
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
                        .because("documents and forms use all of clients.documentMemory");
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
