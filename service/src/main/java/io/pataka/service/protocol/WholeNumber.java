package io.pataka.service.protocol;

import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * Reads a whole number of a client from a header, a parameter or a document: at most {@value #MAX_DIGITS} ASCII digits, with or
 * without a sign. {@link Long#parseLong} also accepts digits of other scripts and any number of leading zeros. Bucket policies
 * do not, so such a number would bypass a limit in a policy.
 */
public final class WholeNumber {

    private static final int MAX_DIGITS = 19;

    private WholeNumber() {}

    /** Reads a number of 64 bits; empty for anything else, also for surrounding white space. */
    public static OptionalLong ofLong(String text) {
        int start = text.startsWith("-") || text.startsWith("+") ? 1 : 0;
        int digits = text.length() - start;
        if (digits < 1 || digits > MAX_DIGITS) {
            return OptionalLong.empty();
        }
        for (int i = start; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return OptionalLong.empty();
            }
        }
        try {
            return OptionalLong.of(Long.parseLong(text));
        } catch (NumberFormatException beyond64Bits) {
            return OptionalLong.empty();
        }
    }

    /** As {@link #ofLong}, for a number of 32 bits. */
    public static OptionalInt ofInt(String text) {
        OptionalLong number = ofLong(text);
        return number.isPresent() && number.getAsLong() == (int) number.getAsLong()
                ? OptionalInt.of((int) number.getAsLong())
                : OptionalInt.empty();
    }
}
