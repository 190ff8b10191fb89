package io.pataka.service.job;

import io.pataka.service.metadata.UploadLedger;
import java.time.Duration;
import java.util.Objects;

/** Forgets what completed uploads became, once no client repeats a completion any more whose answer it missed. */
public final class UploadForgetter implements Job {

    private static final Duration REMEMBERED = Duration.ofDays(1);
    private static final Duration INTERVAL = Duration.ofHours(1);
    private static final int BATCH = 1_000;

    private final UploadLedger ledger;

    public UploadForgetter(UploadLedger ledger) {
        this.ledger = Objects.requireNonNull(ledger);
    }

    @Override
    public String name() {
        return "upload-forgetter";
    }

    @Override
    public Schedule schedule() {
        return new Schedule(INTERVAL, 0.1);
    }

    @Override
    public Progress runSlice(Duration budget) {
        long end = System.nanoTime() + budget.toNanos();
        boolean more;
        do {
            more = ledger.forgetCompleted(REMEMBERED, BATCH);
        } while (more && System.nanoTime() < end);
        return more ? Progress.BUSY : Progress.IDLE;
    }
}
