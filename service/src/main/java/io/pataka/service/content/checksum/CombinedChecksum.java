package io.pataka.service.content.checksum;

import io.pataka.service.model.Checksum;
import io.pataka.service.model.ChecksumAlgorithm;
import java.util.Base64;

/**
 * The checksum of a multipart object from those of its parts, without rereading a byte.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity-upload.html">AWS: checksums of
 *     multipart uploads</a>
 */
public sealed interface CombinedChecksum {

    /**
     * @throws IllegalArgumentException for a full checksum of an algorithm that is not {@link ChecksumAlgorithm#isLinear()}
     */
    static CombinedChecksum of(ChecksumAlgorithm algorithm, Checksum.Type type) {
        return type == Checksum.Type.COMPOSITE
                ? new Composite(algorithm, RunningChecksum.of(algorithm))
                : new Full(algorithm, CrcCombination.of(algorithm));
    }

    /**
     * Adds the next part.
     *
     * @param value its checksum, Base64
     * @param length its bytes
     */
    void add(String value, long length);

    /** The checksum of all parts added. */
    Checksum result();

    /** The checksum of the parts' checksums, a dash, and their number. */
    final class Composite implements CombinedChecksum {
        private final ChecksumAlgorithm algorithm;
        private final RunningChecksum running;
        private int parts;

        private Composite(ChecksumAlgorithm algorithm, RunningChecksum running) {
            this.algorithm = algorithm;
            this.running = running;
        }

        @Override
        public void add(String value, long length) {
            byte[] bytes = Base64.getDecoder().decode(value);
            running.update(bytes, 0, bytes.length);
            parts++;
        }

        @Override
        public Checksum result() {
            String value = Base64.getEncoder().encodeToString(running.value());
            return new Checksum(algorithm, Checksum.Type.COMPOSITE, value + "-" + parts);
        }
    }

    /** The checksum that the bytes of all parts together have. */
    final class Full implements CombinedChecksum {
        private final ChecksumAlgorithm algorithm;
        private final CrcCombination combination;

        private Full(ChecksumAlgorithm algorithm, CrcCombination combination) {
            this.algorithm = algorithm;
            this.combination = combination;
        }

        @Override
        public void add(String value, long length) {
            combination.append(Base64.getDecoder().decode(value), length);
        }

        @Override
        public Checksum result() {
            String value = Base64.getEncoder().encodeToString(combination.value());
            return new Checksum(algorithm, Checksum.Type.FULL_OBJECT, value);
        }
    }
}
