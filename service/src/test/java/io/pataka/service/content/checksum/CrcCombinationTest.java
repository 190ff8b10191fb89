package io.pataka.service.content.checksum;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pataka.service.model.ChecksumAlgorithm;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class CrcCombinationTest {

    @ParameterizedTest
    @EnumSource(
            value = ChecksumAlgorithm.class,
            names = {"CRC32", "CRC32C", "CRC64NVME"})
    void equalsTheChecksumOfTheWhole(ChecksumAlgorithm algorithm) {
        Random random = new Random(11);
        for (int round = 0; round < 50; round++) {
            byte[] bytes = new byte[random.nextInt(200_000)];
            random.nextBytes(bytes);
            CrcCombination combination = CrcCombination.of(algorithm);
            int at = 0;
            do {
                int step = Math.min(random.nextInt(70_000), bytes.length - at);
                combination.append(of(algorithm, bytes, at, step), step);
                at += step;
            } while (at < bytes.length);

            assertThat(combination.value()).isEqualTo(of(algorithm, bytes, 0, bytes.length));
        }
    }

    @Test
    void refusesDigestsAndValuesOfOtherWidths() {
        assertThatThrownBy(() -> CrcCombination.of(ChecksumAlgorithm.SHA256))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> CrcCombination.of(ChecksumAlgorithm.CRC32).append(new byte[8], 1))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static byte[] of(ChecksumAlgorithm algorithm, byte[] bytes, int offset, int length) {
        RunningChecksum checksum = RunningChecksum.of(algorithm);
        checksum.update(bytes, offset, length);
        return checksum.value();
    }
}
