package io.pataka.service.blob;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Calls fsync for a large blob while more of it is received, so that the fsync at its end has little left to write. A failure of such
 * an fsync fails the blob, since the kernel reports an error of a file only once.
 */
final class Writebacks {

    private static final int AT_ONCE = 4;

    private final ThreadPoolExecutor threads =
            new ThreadPoolExecutor(0, AT_ONCE, 10, TimeUnit.SECONDS, new SynchronousQueue<>(), task -> {
                Thread thread = new Thread(task, "writeback");
                thread.setDaemon(true);
                return thread;
            });

    /** Begins an fsync, unless enough of them are running. Then the fsync at the end has more to write. */
    Writeback begin(Volume volume, Filesystem.DiskFile file) {
        try {
            return new Writeback(CompletableFuture.runAsync(() -> force(volume, file), threads));
        } catch (RejectedExecutionException e) {
            return new Writeback(CompletableFuture.completedFuture(null));
        }
    }

    private static void force(Volume volume, Filesystem.DiskFile file) {
        try {
            volume.force(file);
        } catch (BlobStoreException e) {
            throw new CompletionException(e);
        }
    }

    /** An fsync that was begun. */
    record Writeback(CompletableFuture<Void> end) {

        boolean isDone() {
            return end.isDone();
        }

        /** Waits for its end, also when the thread is interrupted, since the file must stay open as long. */
        void await() throws BlobStoreException {
            try {
                end.join();
            } catch (CompletionException e) {
                if (e.getCause() instanceof BlobStoreException failure) {
                    throw failure;
                }
                throw e;
            }
        }
    }
}
