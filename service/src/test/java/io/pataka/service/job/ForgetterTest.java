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

final class ForgetterTest {

    private final Forgetter.Memory memory = mock(Forgetter.Memory.class);
    private final Forgetter job = new Forgetter("uploads", memory);

    @Test
    void forgetsBatchAfterBatchWhatIsOlderThanADay() {
        when(memory.forget(any(), anyInt())).thenReturn(true, true, false);

        assertThat(job.runSlice(Duration.ofMinutes(1))).isEqualTo(Job.Progress.IDLE);

        verify(memory, times(3)).forget(eq(Duration.ofDays(1)), anyInt());
    }

    @Test
    void leavesTheRestToTheNextSliceWhenItsTimeIsUp() {
        when(memory.forget(any(), anyInt())).thenReturn(true);

        assertThat(job.runSlice(Duration.ZERO)).isEqualTo(Job.Progress.BUSY);

        verify(memory).forget(any(), anyInt());
    }
}
