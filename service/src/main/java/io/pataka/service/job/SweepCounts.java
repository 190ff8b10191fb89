package io.pataka.service.job;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/** What the lifecycle sweeps of this process did since it started. */
public final class SweepCounts {

    /** What is counted. */
    public enum Of {
        /** Versions and uploads that a sweep examined. */
        SEEN,
        /** Versions that are gone, with delete markers. */
        REMOVED,
        /** Delete markers that were put on objects. */
        MARKED,
        /** Versions that have another storage class now. */
        MOVED,
        /** Uploads that were aborted. */
        ABORTED,
        /** Versions that were due and stay because a retention or a legal hold keeps them; each sweep counts them again. */
        LOCKED,
        /** Versions and uploads that were due and changed before the sweep could act. */
        CHANGED,
        /** Versions whose bytes could not be moved; the next sweep tries again. */
        FAILED
    }

    private final Map<Of, AtomicLong> counts = new EnumMap<>(Of.class);

    public SweepCounts() {
        for (Of one : Of.values()) {
            counts.put(one, new AtomicLong());
        }
    }

    void add(Of what, long number) {
        counts.get(what).addAndGet(number);
    }

    public long get(Of what) {
        return counts.get(what).get();
    }
}
