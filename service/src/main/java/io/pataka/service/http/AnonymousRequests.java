package io.pataka.service.http;

import io.pataka.service.model.Caller;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import java.util.concurrent.Semaphore;

/** Limits how many unsigned requests are served at once, so that threads are left for signed requests. */
final class AnonymousRequests {

    private final Semaphore free;

    AnonymousRequests(int most) {
        this.free = new Semaphore(most);
    }

    /**
     * The caller closes the result when the request is done.
     *
     * @throws S3Exception SlowDown when the caller is anonymous and the limit is reached
     */
    Place enter(Caller caller) {
        if (!caller.isAnonymous()) {
            return new Place(false);
        }
        if (!free.tryAcquire()) {
            throw new S3Exception(S3Error.SLOW_DOWN)
                    .header("Retry-After", "1")
                    .because("as many unsigned requests as clients.anonymousRequests allows are being served");
        }
        return new Place(true);
    }

    /** The share of one request. Not thread-safe. */
    final class Place implements AutoCloseable {

        private boolean taken;

        private Place(boolean taken) {
            this.taken = taken;
        }

        /** Releases the place if the signer is known: the fields of a form may be signed although its request is not. */
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
