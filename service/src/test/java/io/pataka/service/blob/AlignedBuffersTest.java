package io.pataka.service.blob;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

final class AlignedBuffersTest {

    private final AlignedBuffers buffers = new AlignedBuffers();

    @Test
    void givesNoMoreBuffersThanTheLimit() {
        ByteBuffer last = null;
        for (int i = 0; i < AlignedBuffers.MOST; i++) {
            last = buffers.take().orElseThrow();
        }
        assertThat(buffers.take()).isEmpty();

        buffers.give(last);

        assertThat(buffers.take()).containsSame(last);
        assertThat(buffers.take()).isEmpty();
    }

    @Test
    void areEmptyAndAlignedAgainWhenTheyWereGivenBackHalfFull() {
        ByteBuffer used = buffers.take().orElseThrow();
        used.put(new byte[100]).flip();
        buffers.give(used);

        ByteBuffer again = buffers.take().orElseThrow();

        assertThat(again.remaining()).isEqualTo(AlignedBuffers.SIZE);
        assertThat(again.alignmentOffset(0, AlignedBuffers.ALIGNMENT)).isZero();
    }
}
