package io.pataka.service.metadata;

import io.pataka.service.model.Content;
import io.pataka.service.model.ObjectKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Adds what single-statement writes replaced to the list of retired content, in batches and outside of the requests. If an entry is lost
 * by a crash, or because the queue is full, the blob becomes an orphan that the sweeper finds by its age.
 */
final class RetirementQueue implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(RetirementQueue.class);
    private static final int CAPACITY = 100_000;
    private static final int BATCH = 500;

    /** How long the first of a batch waits for others: a batch of one costs as much as the write that it follows. */
    private static final Duration GATHERING = Duration.ofMillis(100);

    /** How long to wait for a database that does not answer. */
    private static final Duration RETRY = Duration.ofMillis(500);

    private final Database database;
    private final BlockingQueue<Retired> queue = new LinkedBlockingQueue<>(CAPACITY);
    private final AtomicInteger pending = new AtomicInteger();
    private final Thread worker = new Thread(this::work, "retire-content");

    /** Content that a key had. */
    record Retired(long bucketId, ObjectKey key, Content content) {}

    RetirementQueue(Database database) {
        this.database = database;
        worker.setDaemon(true);
        worker.start();
    }

    void add(Retired retired) {
        pending.incrementAndGet();
        if (!queue.offer(retired)) {
            pending.decrementAndGet();
            LOG.warn(
                    "too much replaced content waits for the database; left to the orphan sweeper: {}",
                    retired.content());
        }
    }

    private void work() {
        List<Retired> batch = new ArrayList<>(BATCH);
        while (true) {
            try {
                batch.add(queue.take());
                Thread.sleep(GATHERING.toMillis());
                queue.drainTo(batch, BATCH - 1);
                write(batch);
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                LOG.error("replaced content is left to the orphan sweeper", e);
            }
            pending.addAndGet(-batch.size());
            batch.clear();
        }
    }

    private void write(List<Retired> batch) throws InterruptedException {
        while (true) {
            try {
                database.write(handle -> {
                    RetiredContent.insert(handle, batch);
                    return null;
                });
                return;
            } catch (MetadataUnavailableException e) {
                LOG.debug("replaced content waits for the database", e);
                Thread.sleep(RETRY.toMillis());
            }
        }
    }

    /**
     * Waits until what was added before is in the database.
     *
     * @return false when that took longer than {@code patience}
     */
    boolean flush(Duration patience) {
        long deadline = System.nanoTime() + patience.toNanos();
        while (pending.get() > 0 && System.nanoTime() < deadline) {
            LockSupport.parkNanos(1_000_000);
        }
        return pending.get() == 0;
    }

    /** Writes down what was added before, unless the database is away for long. */
    @Override
    public void close() {
        if (!flush(Duration.ofSeconds(10))) {
            LOG.warn("replaced content is left to the orphan sweeper: the database does not answer");
        }
        worker.interrupt();
    }
}
