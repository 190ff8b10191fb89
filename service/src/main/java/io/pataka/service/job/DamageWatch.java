package io.pataka.service.job;

import io.pataka.service.metadata.BlobLedger;
import io.pataka.service.metadata.DamageLedger;
import io.pataka.service.metadata.LostContents;
import io.pataka.service.metadata.LostContents.Suspect;
import io.pataka.service.metadata.MetadataUnavailableException;
import java.io.IOException;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Updates this node's list of lost contents: inspects the blobs that requests could not read, and reads what other nodes and jobs
 * found. Unlike a {@link Job} it runs on every node. Both are repeated every few seconds, each on its own thread, because a
 * large blob takes long to look at. They never throw but an {@link Error}.
 */
public final class DamageWatch {

    private static final Logger LOG = LoggerFactory.getLogger(DamageWatch.class);
    private static final int REST = 20;

    private final LostContents lost;
    private final BlobInspector inspector;
    private final BlobLedger blobs;
    private final DamageLedger damage;
    private long restUntil = System.nanoTime();

    public DamageWatch(LostContents lost, BlobInspector inspector, BlobLedger blobs, DamageLedger damage) {
        this.lost = Objects.requireNonNull(lost);
        this.inspector = Objects.requireNonNull(inspector);
        this.blobs = Objects.requireNonNull(blobs);
        this.damage = Objects.requireNonNull(damage);
    }

    /** Inspects the blobs that requests could not read. */
    public void inspect() {
        try {
            for (Suspect suspect : lost.takeSuspects()) {
                look(suspect);
            }
        } catch (MetadataUnavailableException e) {
            LOG.debug("what is lost cannot be written down now", e);
        } catch (RuntimeException e) {
            LOG.warn("what may be lost cannot be looked at", e);
        }
    }

    /** Reads what is lost. Reading takes at most a twentieth of the time, however long the list is. */
    public void learn() {
        long begun = System.nanoTime();
        if (begun - restUntil < 0) {
            return;
        }
        try {
            lost.refresh(damage);
        } catch (MetadataUnavailableException e) {
            LOG.debug("what is lost is not learnt now", e);
        } catch (RuntimeException e) {
            LOG.warn("what is lost cannot be learnt", e);
        }
        restUntil = System.nanoTime() + (System.nanoTime() - begun) * REST;
    }

    private void look(Suspect suspect) {
        if (lost.has(suspect.blob())) {
            return;
        }
        try {
            switch (inspector.inspect(suspect.blob())) {
                case MISSING -> {
                    // An object that was overwritten or deleted meanwhile is not lost.
                    if (blobs.isNeeded(suspect.blob(), suspect.bucketId(), suspect.key())) {
                        inspector.missing(suspect.blob());
                        inspector.seen(suspect.blob(), suspect.bucketId(), suspect.key());
                    }
                }
                case DAMAGED -> inspector.seen(suspect.blob(), suspect.bucketId(), suspect.key());
                case INTACT -> LOG.warn("blob {} is intact, though a read of it failed", suspect.blob());
                case UNKNOWN -> LOG.debug("blob {} is met again by the next read", suspect.blob());
            }
        } catch (IOException e) {
            LOG.warn("blob {} cannot be inspected now", suspect.blob(), e);
        }
    }
}
