package io.pataka.service.metadata.row;

import com.google.common.base.Splitter;
import io.pataka.service.model.Checksum;
import io.pataka.service.model.ChecksumAlgorithm;
import java.util.ArrayList;
import java.util.List;

/** The {@code checksums} column: {@code CRC32C:FULL_OBJECT:yZRlqg==}, several separated by blanks. */
public final class ChecksumCodec {

    private ChecksumCodec() {}

    public static String encode(List<Checksum> checksums) {
        StringBuilder text = new StringBuilder();
        for (Checksum checksum : checksums) {
            text.append(text.isEmpty() ? "" : " ")
                    .append(checksum.algorithm().name())
                    .append(':')
                    .append(checksum.type().name())
                    .append(':')
                    .append(checksum.value());
        }
        return text.toString();
    }

    public static List<Checksum> decode(String text) {
        if (text.isEmpty()) {
            return List.of();
        }
        List<Checksum> checksums = new ArrayList<>(1);
        for (String one : Splitter.on(' ').split(text)) {
            String[] fields = one.split(":", 3);
            checksums.add(
                    new Checksum(ChecksumAlgorithm.valueOf(fields[0]), Checksum.Type.valueOf(fields[1]), fields[2]));
        }
        return checksums;
    }
}
