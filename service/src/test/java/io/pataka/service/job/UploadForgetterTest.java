package io.pataka.service.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyInt;
import static org.mockito.ArgumentMatchers.eq;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.times;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import io.pataka.service.metadata.UploadLedger;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class UploadForgetterTest {

    private final UploadLedger ledger = mock(UploadLedger.class);
    private final UploadForgetter job = new UploadForgetter(ledger);

    @Test
    void forgetsBatchAfterBatchWhatIsOlderThanADay() {
        when(ledger.forgetCompleted(any(), anyInt())).thenReturn(true, true, false);

        assertThat(job.runSlice(Duration.ofMinutes(1))).isEqualTo(Job.Progress.IDLE);

        verify(ledger, times(3)).forgetCompleted(eq(Duration.ofDays(1)), anyInt());
    }

    @Test
    void leavesTheRestToTheNextSliceWhenItsTimeIsUp() {
        when(ledger.forgetCompleted(any(), anyInt())).thenReturn(true);

        assertThat(job.runSlice(Duration.ZERO)).isEqualTo(Job.Progress.BUSY);

        verify(ledger).forgetCompleted(any(), anyInt());
    }
}
