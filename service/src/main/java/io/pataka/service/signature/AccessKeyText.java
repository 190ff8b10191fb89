package io.pataka.service.signature;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;

/** The text of an access key in a header or a form field. Users of Keystone can choose access keys that are not ASCII. */
final class AccessKeyText {

    private AccessKeyText() {}

    /**
     * Most clients write UTF-8; Python's {@code http.client}, and so botocore, writes Latin-1, which is almost never valid
     * UTF-8.
     *
     * @param bytewise one character per byte
     */
    static String of(String bytewise) {
        try {
            return UTF_8.newDecoder()
                    .decode(ByteBuffer.wrap(bytewise.getBytes(ISO_8859_1)))
                    .toString();
        } catch (CharacterCodingException latin1) {
            return bytewise;
        }
    }
}
