package io.pataka.service.content;

import io.pataka.service.content.checksum.RunningChecksum;
import io.pataka.service.model.Checksum;
import io.pataka.service.model.ChecksumAlgorithm;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Computes the MD5 and the wanted checksums of a body in one pass, and compares them with what the client announced. */
final class ContentDigest {

    private final RunningChecksum md5 = RunningChecksum.md5();
    private final Map<ChecksumAlgorithm, RunningChecksum> asked = new EnumMap<>(ChecksumAlgorithm.class);
    private final Map<ChecksumAlgorithm, byte[]> values = new EnumMap<>(ChecksumAlgorithm.class);
    private byte[] md5Value;

    ContentDigest(Set<ChecksumAlgorithm> compute) {
        for (ChecksumAlgorithm algorithm : compute) {
            asked.put(algorithm, RunningChecksum.of(algorithm));
        }
    }

    void update(byte[] bytes, int offset, int length) {
        md5.update(bytes, offset, length);
        for (RunningChecksum checksum : asked.values()) {
            checksum.update(bytes, offset, length);
        }
    }

    /** Ends the computation, after all bytes. */
    void end() {
        md5Value = md5.value();
        asked.forEach((algorithm, running) -> values.put(algorithm, running.value()));
    }

    /**
     * Compares with what the client announced.
     *
     * @throws ContentRefusedException when a value differs, or is of an algorithm that was not computed
     */
    void compare(Optional<byte[]> contentMd5, List<Checksum> announced) throws ContentRefusedException {
        if (contentMd5.isPresent() && !MessageDigest.isEqual(contentMd5.get(), md5Value)) {
            throw ContentRefusedException.otherMd5(md5Value);
        }
        for (Checksum checksum : announced) {
            byte[] value = values.get(checksum.algorithm());
            if (value == null || !MessageDigest.isEqual(decoded(checksum.value()), value)) {
                throw new ContentRefusedException(
                        ContentRefusedException.Reason.CHECKSUM,
                        "The " + checksum.algorithm() + " you specified did not match the calculated checksum.");
            }
        }
    }

    private static byte[] decoded(String base64) {
        try {
            return Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            return new byte[0];
        }
    }

    /** 16 bytes. */
    byte[] md5() {
        return md5Value.clone();
    }

    List<Checksum> checksums() {
        List<Checksum> checksums = new ArrayList<>(values.size());
        values.forEach((algorithm, value) -> checksums.add(new Checksum(
                algorithm, Checksum.Type.FULL_OBJECT, Base64.getEncoder().encodeToString(value))));
        return checksums;
    }
}
