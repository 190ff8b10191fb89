package io.pataka.service.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyInt;
import static org.mockito.ArgumentMatchers.eq;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.times;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class ExpiryJobTest {

    private final ExpiryJob.Records records = mock(ExpiryJob.Records.class);
    private final ExpiryJob job = new ExpiryJob("uploads", records);

    @Test
    void deletesBatchAfterBatchWhatIsOlderThanADay() {
        when(records.expire(any(), anyInt())).thenReturn(true, true, false);

        assertThat(job.runSlice(Duration.ofMinutes(1))).isEqualTo(Job.Progress.IDLE);

        verify(records, times(3)).expire(eq(Duration.ofDays(1)), anyInt());
    }

    @Test
    void leavesTheRestToTheNextSliceWhenTheBudgetIsOver() {
        when(records.expire(any(), anyInt())).thenReturn(true);

        assertThat(job.runSlice(Duration.ZERO)).isEqualTo(Job.Progress.BUSY);

        verify(records).expire(any(), anyInt());
    }
}
