package io.pataka.service.operation;

import java.util.regex.Pattern;

/** What names of Amazon's regions look like: {@code eu-central-1}, {@code us-gov-east-1}, {@code us-isob-east-1}. */
public final class AmazonRegions {

    /** Each repetition has a limit, because a repeated group needs stack for each repetition. */
    private static final Pattern NAME = Pattern.compile("[a-z]{2}(?:-[a-z]{1,12}){1,3}-\\d{1,2}");

    private AmazonRegions() {}

    /**
     * Whether a name looks like one of a region of Amazon's.
     *
     * @param name in lower case
     */
    public static boolean mayHave(String name) {
        return NAME.matcher(name).matches();
    }
}
