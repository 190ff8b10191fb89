package io.pataka.service.model;

import java.util.OptionalLong;

/**
 * The most that may lie in a bucket, or in all buckets of a project.
 *
 * @param bytes of all versions and of the parts of uploads in progress; 0 or more; empty for any number
 * @param objects versions that have content; 0 or more; empty for any number
 */
public record Quota(OptionalLong bytes, OptionalLong objects) {

    /** Any number of bytes and objects. */
    public static final Quota UNLIMITED = new Quota(OptionalLong.empty(), OptionalLong.empty());

    private static final String NONE = "-";

    public Quota {
        if (bytes.orElse(0) < 0 || objects.orElse(0) < 0) {
            throw new IllegalArgumentException("a quota is not negative");
        }
    }

    /** As {@link #parse} reads it. */
    public String text() {
        return "bytes=" + text(bytes) + " objects=" + text(objects);
    }

    private static String text(OptionalLong limit) {
        return limit.isPresent() ? Long.toString(limit.getAsLong()) : NONE;
    }

    /**
     * Reads {@link #text}.
     *
     * @throws IllegalArgumentException for any other text
     */
    public static Quota parse(String text) {
        String[] fields = text.split(" ", -1);
        if (fields.length != 2 || !fields[0].startsWith("bytes=") || !fields[1].startsWith("objects=")) {
            throw new IllegalArgumentException("not a quota: " + text);
        }
        return new Quota(limit(fields[0].substring(6)), limit(fields[1].substring(8)));
    }

    private static OptionalLong limit(String text) {
        return text.equals(NONE) ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(text));
    }

    /** Whether there is room for something, beside what there is. What adds nothing always has room. */
    public boolean hasRoom(long bytesThere, long objectsThere, long moreBytes, long moreObjects) {
        return isWithin(bytes, bytesThere, moreBytes) && isWithin(objects, objectsThere, moreObjects);
    }

    /** Whether more than nine tenths of a limit are used. */
    public boolean isNearlyFull(long bytesThere, long objectsThere) {
        return isNearlyFull(bytes, bytesThere) || isNearlyFull(objects, objectsThere);
    }

    private static boolean isNearlyFull(OptionalLong limit, long there) {
        return limit.isPresent() && there > limit.getAsLong() - limit.getAsLong() / 10;
    }

    private static boolean isWithin(OptionalLong limit, long there, long more) {
        return more <= 0 || limit.isEmpty() || limit.getAsLong() - there >= more;
    }
}
