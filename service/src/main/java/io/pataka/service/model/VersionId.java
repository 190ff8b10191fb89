package io.pataka.service.model;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Names a version of a key and orders it among the versions of that key: a larger sequence is newer.
 *
 * <p>A version written while versioning was off or suspended is the key's <em>null version</em>: it has a sequence like any
 * other, and shows itself to clients as {@code null}.
 *
 * @param sequence positive: microseconds since 1970 in the upper bits, a tie-breaker in the lower 11
 */
public record VersionId(long sequence, boolean isNull) {

    /** What clients see of the null version. */
    public static final String NULL = "null";

    private static final Pattern FORM = Pattern.compile("[0-9A-Za-z]{1,13}");

    public VersionId {
        if (sequence <= 0) {
            throw new IllegalArgumentException("a version's sequence is positive");
        }
    }

    /**
     * Reads a version id that is not {@code null}; empty when the text was never one of ours (clients get
     * {@code InvalidArgument} or {@code NoSuchVersion}).
     */
    public static Optional<VersionId> parse(String text) {
        if (!FORM.matcher(text).matches()) {
            return Optional.empty();
        }
        try {
            long sequence = Long.parseLong(text, 36);
            VersionId id = sequence > 0 ? new VersionId(sequence, false) : null;
            return Optional.ofNullable(id).filter(version -> version.text().equals(text));
        } catch (NumberFormatException tooLarge) {
            return Optional.empty();
        }
    }

    /** What {@code versionId} says to a client. */
    public String text() {
        return isNull ? NULL : Long.toString(sequence, 36);
    }

    @Override
    public String toString() {
        return text();
    }
}
