package io.pataka.service.blob;

import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Makes names in directories durable. Callers that come while an fsync runs wait for the next one. It begins after the renames of
 * all of them, so one fsync serves them all, as in the group commit of a database.
 */
final class SharedFsync {

    private final Volume volume;
    private final ReentrantLock running = new ReentrantLock();
    private final Map<Path, CompletableFuture<Void>> coming = new ConcurrentHashMap<>();

    SharedFsync(Volume volume) {
        this.volume = volume;
    }

    /**
     * Returns when all names that the directory had at the time of the call are durable.
     *
     * @throws BlobStoreException when the fsync failed, to each who waited for it
     */
    void force(Path directory) throws BlobStoreException {
        CompletableFuture<Void> mine = new CompletableFuture<>();
        CompletableFuture<Void> next = coming.putIfAbsent(directory, mine);
        if (next == null) {
            lead(directory, mine);
            next = mine;
        }
        try {
            next.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof BlobStoreException failure) {
                throw failure;
            }
            throw e;
        }
    }

    private void lead(Path directory, CompletableFuture<Void> next) {
        running.lock();
        try {
            // A caller that comes from now on may have renamed after this fsync began.
            coming.remove(directory);
            volume.forceDirectory(directory);
            next.complete(null);
        } catch (Throwable failure) {
            next.completeExceptionally(failure);
        } finally {
            running.unlock();
        }
    }
}
