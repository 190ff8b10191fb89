package io.pataka.keystone;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Threads for calls to one service of the cloud, with a short queue. If the queue is full, a call fails at once instead of waiting. OpenStack4j
 * is used only on these threads.
 */
final class KeystoneWorkers implements AutoCloseable {

    private static final int QUEUED_PER_THREAD = 8;

    private final String service;
    private final ThreadPoolExecutor threads;

    KeystoneWorkers(String name, int number) {
        this("Keystone", name, number);
    }

    /**
     * @param service its name in messages
     * @param name of the threads
     */
    KeystoneWorkers(String service, String name, int number) {
        this.service = service;
        AtomicInteger count = new AtomicInteger();
        this.threads = new ThreadPoolExecutor(
                number, number, 30, TimeUnit.SECONDS, new ArrayBlockingQueue<>(number * QUEUED_PER_THREAD), work -> {
                    Thread thread = new Thread(work, name + "-" + count.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
        threads.allowCoreThreadTimeOut(true);
    }

    /** Work that may end in {@link KeystoneUnavailableException}. */
    <T> CompletableFuture<T> submit(Callable<T> work) {
        CompletableFuture<T> result = new CompletableFuture<>();
        try {
            threads.execute(() -> {
                try {
                    result.complete(work.call());
                } catch (Exception failure) {
                    result.completeExceptionally(failure);
                } catch (Error fatal) {
                    // The caller that waits gets the error. A renewal has no such caller, so the thread's handler gets
                    // it as well.
                    result.completeExceptionally(fatal);
                    throw fatal;
                }
            });
        } catch (RejectedExecutionException full) {
            result.completeExceptionally(
                    KeystoneUnavailableException.crowded("too many questions are waiting for " + service));
        }
        return result;
    }

    /** Waits for a result. A timeout does not stop the work, whose result serves the next request. */
    static <T> T await(CompletableFuture<T> result, Deadline deadline) throws KeystoneUnavailableException {
        return await("Keystone", result, deadline);
    }

    /** The same for another service. */
    static <T> T await(String service, CompletableFuture<T> result, Deadline deadline)
            throws KeystoneUnavailableException {
        try {
            return result.get(deadline.remainingNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException late) {
            throw KeystoneUnavailableException.down(service + " does not answer in time", null);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw KeystoneUnavailableException.failed("interrupted", interrupted);
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof KeystoneUnavailableException unavailable) {
                throw unavailable;
            }
            throw new IllegalStateException(failed.getCause());
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
