package io.pataka.service.blob;

import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Makes names in directories durable. Whoever comes while an fsync runs waits for the next one with all who came meanwhile: it
 * begins after their renames, so one does for them all, as in a database's group commit.
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
            // Who comes from now on may have renamed too late for this one.
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
