package io.pataka.service.protocol;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Fields of a request that have a customer's encryption key: headers, and parameters and form fields of the same name. Logs and errors
 * show {@value #MASK} in place of their values.
 */
public final class SecretFields {

    /** Shown in place of a value. */
    public static final String MASK = "***";

    private static final Set<String> NAMES = Set.of(
            "x-amz-server-side-encryption-customer-key", "x-amz-copy-source-server-side-encryption-customer-key");

    /** A field in a canonical request or a string to sign, where each field is a line or a parameter of the query. */
    private static final Pattern FIELD = Pattern.compile(
            "(x-amz-(?:copy-source-)?server-side-encryption-customer-key[:=])[^&\n]*+", Pattern.CASE_INSENSITIVE);

    private static final Pattern NAME =
            Pattern.compile("server-side-encryption-customer-key(?!-md5)", Pattern.CASE_INSENSITIVE);

    private SecretFields() {}

    /** Whether the field of that name, in any case of letters, has a key. */
    public static boolean has(String name) {
        return NAMES.contains(name.toLowerCase(Locale.ROOT));
    }

    /** The value as an error may show it. */
    public static String shown(String name, String value) {
        return has(name) ? MASK : value;
    }

    /** Whether a text names such a field, so that its other parts may be a key. */
    public static boolean areNamedIn(String text) {
        return NAME.matcher(text).find();
    }

    /** A text that was signed, as an error may show it. */
    public static String masked(String signed) {
        return FIELD.matcher(signed).replaceAll("$1***");
    }
}
