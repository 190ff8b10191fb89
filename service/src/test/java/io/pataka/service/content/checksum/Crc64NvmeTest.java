package io.pataka.service.content.checksum;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class Crc64NvmeTest {

    @Test
    void hasTheCheckValueOfTheSpecification() {
        Crc64Nvme crc = new Crc64Nvme();

        crc.update("123456789".getBytes(US_ASCII));

        assertThat(crc.getValue()).isEqualTo(0xAE8B_1486_0A79_9888L);
    }

    /** The vectors of the specification: 4 KiB of zeros, of ones. */
    @Test
    void hasTheValuesOfTheSpecificationForBlocks() {
        byte[] zeros = new byte[4096];
        byte[] ones = new byte[4096];
        Arrays.fill(ones, (byte) 0xFF);

        assertThat(of(zeros)).isEqualTo(0x6482_D367_EB22_B64EL);
        assertThat(of(ones)).isEqualTo(0xC0DD_BA73_02EC_A3ACL);
    }

    @Test
    void sumsTheSameInAnySteps() {
        byte[] bytes = new byte[100_000];
        new Random(1).nextBytes(bytes);
        Crc64Nvme bytewise = new Crc64Nvme();
        for (byte b : bytes) {
            bytewise.update(b);
        }
        Random random = new Random(2);
        for (int round = 0; round < 50; round++) {
            Crc64Nvme crc = new Crc64Nvme();
            for (int at = 0; at < bytes.length; ) {
                int step = Math.min(random.nextInt(round % 2 == 0 ? 700 : 30_000), bytes.length - at);
                crc.update(bytes, at, step);
                at += step;
            }
            assertThat(crc.getValue()).isEqualTo(bytewise.getValue());
        }
    }

    @Test
    void beginsAnewWhenReset() {
        Crc64Nvme crc = new Crc64Nvme();
        crc.update(new byte[5]);
        crc.reset();

        assertThat(crc.getValue()).isZero();
    }

    private static long of(byte[] bytes) {
        Crc64Nvme crc = new Crc64Nvme();
        crc.update(bytes);
        return crc.getValue();
    }
}
