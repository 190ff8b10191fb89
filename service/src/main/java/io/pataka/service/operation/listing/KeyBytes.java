package io.pataka.service.operation.listing;

import java.util.Arrays;
import java.util.Optional;

/** Keys, prefixes and delimiters as bytes, in the unsigned order of a listing. */
final class KeyBytes {

    static final byte[] NONE = {};

    private KeyBytes() {}

    static boolean startsWith(byte[] key, byte[] prefix) {
        return key.length >= prefix.length && Arrays.equals(key, 0, prefix.length, prefix, 0, prefix.length);
    }

    /** Where {@code wanted}, which is not empty, begins in {@code key} at or after {@code from}; -1 when it does not. */
    static int indexOf(byte[] key, byte[] wanted, int from) {
        for (int at = from; at <= key.length - wanted.length; at++) {
            if (Arrays.equals(key, at, at + wanted.length, wanted, 0, wanted.length)) {
                return at;
            }
        }
        return -1;
    }

    /** The first key after all keys with that prefix; empty when no key can come after them. */
    static Optional<byte[]> successor(byte[] prefix) {
        for (int last = prefix.length - 1; last >= 0; last--) {
            if (prefix[last] != (byte) 0xFF) {
                byte[] next = Arrays.copyOf(prefix, last + 1);
                next[last]++;
                return Optional.of(next);
            }
        }
        return Optional.empty();
    }
}
