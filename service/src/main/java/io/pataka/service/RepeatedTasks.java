package io.pataka.service;

import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Daemon threads that run tasks again and again. The superclass keeps what a task throws in the task's future, which is never read,
 * and does not run the task again. Here the thread's handler of uncaught exceptions gets it, so that an {@link Error} ends the
 * process.
 */
final class RepeatedTasks extends ScheduledThreadPoolExecutor {

    /**
     * @param name of the threads, followed by a number
     * @param threads how many tasks run at once
     */
    RepeatedTasks(String name, int threads) {
        super(threads, named(name));
        setRemoveOnCancelPolicy(true);
    }

    private static ThreadFactory named(String name) {
        AtomicInteger number = new AtomicInteger();
        return task -> {
            Thread thread = new Thread(task, name + "-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }

    @Override
    protected void afterExecute(Runnable task, Throwable thrown) {
        super.afterExecute(task, thrown);
        if (task instanceof Future<?> future && future.isDone() && !future.isCancelled()) {
            try {
                future.get();
            } catch (ExecutionException failed) {
                Thread thread = Thread.currentThread();
                thread.getUncaughtExceptionHandler().uncaughtException(thread, failed.getCause());
            } catch (CancellationException cancelled) {
                // It was cancelled between the two calls.
                return;
            } catch (InterruptedException stopping) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
