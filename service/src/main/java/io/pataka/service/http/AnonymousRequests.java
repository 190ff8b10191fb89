package io.pataka.service.http;

import io.pataka.service.model.Caller;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import java.util.concurrent.Semaphore;

/** Bounds how many unsigned requests are at work at once, so that they never take the threads of all tenants. */
final class AnonymousRequests {

    private final Semaphore free;

    AnonymousRequests(int most) {
        this.free = new Semaphore(most);
    }

    /**
     * To be closed when the request is done.
     *
     * @throws S3Exception SlowDown when the caller is anonymous and as many requests as may be are at work
     */
    Place enter(Caller caller) {
        if (!caller.isAnonymous()) {
            return new Place(false);
        }
        if (!free.tryAcquire()) {
            throw new S3Exception(S3Error.SLOW_DOWN)
                    .header("Retry-After", "1")
                    .because("clients.anonymousRequests unsigned requests are at work");
        }
        return new Place(true);
    }

    /** What one request takes. Not thread-safe. */
    final class Place implements AutoCloseable {

        private boolean taken;

        private Place(boolean taken) {
            this.taken = taken;
        }

        /** A form came in an unsigned request, and its fields are signed. */
        void leaveIfSigned(Caller signer) {
            if (!signer.isAnonymous()) {
                close();
            }
        }

        @Override
        public void close() {
            if (taken) {
                taken = false;
                free.release();
            }
        }
    }
}
