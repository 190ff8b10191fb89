package io.pataka.service.metadata;

import io.pataka.service.model.Content;
import io.pataka.service.model.ObjectKey;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries what single-statement writes replaced to the list of retired content, in batches and off the path of the request.
 * What is lost on the way, by a crash or because the queue is full, leaves orphan files that the sweeper finds by age.
 */
final class RetirementQueue implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(RetirementQueue.class);
    private static final int CAPACITY = 100_000;
    private static final int BATCH = 500;

    private final Database database;
    private final BlockingQueue<Retired> queue = new LinkedBlockingQueue<>(CAPACITY);
    private final Thread worker = new Thread(this::work, "retire-content");
    private volatile boolean closing;

    /** Content that a key had. */
    record Retired(long bucketId, ObjectKey key, Content content) {}

    RetirementQueue(Database database) {
        this.database = database;
        worker.setDaemon(true);
        worker.start();
    }

    void add(Retired retired) {
        if (!queue.offer(retired)) {
            LOG.warn(
                    "too much replaced content waits for the database; left to the orphan sweeper: {}",
                    retired.content());
        }
    }

    private void work() {
        List<Retired> batch = new ArrayList<>(BATCH);
        while (true) {
            try {
                Retired first = queue.poll(100, TimeUnit.MILLISECONDS);
                if (first == null) {
                    if (closing) {
                        return;
                    }
                    continue;
                }
                batch.add(first);
                queue.drainTo(batch, BATCH - 1);
                write(batch);
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                LOG.error("replaced content is left to the orphan sweeper", e);
            }
            batch.clear();
        }
    }

    private void write(List<Retired> batch) throws InterruptedException {
        while (true) {
            try {
                database.transact(handle -> {
                    RetiredContent.insert(handle, batch);
                    return null;
                });
                return;
            } catch (MetadataUnavailableException e) {
                if (closing) {
                    throw e;
                }
                Thread.sleep(500);
            }
        }
    }

    /** Waits until what was added before is written down, for at most some seconds. */
    @Override
    public void close() {
        closing = true;
        try {
            worker.join(TimeUnit.SECONDS.toMillis(10));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
