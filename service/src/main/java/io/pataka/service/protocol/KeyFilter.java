package io.pataka.service.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.pataka.service.model.ObjectKey;
import io.pataka.service.protocol.xml.XmlElement;
import io.pataka.service.protocol.xml.XmlWriter;
import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;

/**
 * Selects keys, as {@code <S3Key>} says it in notifications and in bucket logging. A key must fulfil all that is given. Values are compared
 * with the key as it is, as by Ceph Gateway; Amazon compares them with the key in its URL-encoded form.
 *
 * @param prefix with which a key begins
 * @param suffix with which a key ends
 * @param regex that matches the whole key: Ceph's addition, in the syntax of RE2, whose time is linear in the length of the key
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_S3KeyFilter.html">AWS: S3KeyFilter</a>
 * @see <a href="https://docs.ceph.com/en/latest/radosgw/s3/bucketops/#create-notification">Ceph: create notification</a>
 */
public record KeyFilter(Optional<String> prefix, Optional<String> suffix, Optional<Pattern> regex) {

    /** Selects every key. */
    public static final KeyFilter ALL = new KeyFilter(Optional.empty(), Optional.empty(), Optional.empty());

    /** The most bytes of a value: as many as a key can have. */
    private static final int MAX_VALUE = ObjectKey.MAX_LENGTH;

    /** The most instructions of a compiled expression: each takes some time for each character of a key. */
    private static final int MAX_PROGRAM = 500;

    /** The most instructions that an expression may seem to have before it is compiled: they bound the memory of the compiler. */
    private static final int MAX_ESTIMATE = 100_000;

    private static final java.util.regex.Pattern REPETITION =
            java.util.regex.Pattern.compile("\\{([0-9]+)(?:,([0-9]*))?\\}");

    private static final String RULE = "FilterRule";
    private static final String NAME = "Name";
    private static final String VALUE = "Value";
    private static final String PREFIX = "prefix";
    private static final String SUFFIX = "suffix";
    private static final String REGEX = "regex";

    public KeyFilter {
        Objects.requireNonNull(prefix);
        Objects.requireNonNull(suffix);
        Objects.requireNonNull(regex);
    }

    public boolean matches(ObjectKey key) {
        if (prefix.isEmpty() && suffix.isEmpty() && regex.isEmpty()) {
            return true;
        }
        byte[] bytes = key.bytes();
        return prefix.map(text -> key.startsWith(text.getBytes(UTF_8))).orElse(true)
                && suffix.map(text -> endsWith(bytes, text.getBytes(UTF_8))).orElse(true)
                && regex.map(pattern -> pattern.matcher(key.toString()).matches())
                        .orElse(true);
    }

    private static boolean endsWith(byte[] key, byte[] suffix) {
        return key.length >= suffix.length
                && Arrays.equals(key, key.length - suffix.length, key.length, suffix, 0, suffix.length);
    }

    /**
     * Reads an element {@code <S3Key>}. The names of its rules may be in upper case, as Amazon takes them.
     *
     * @throws S3Exception MalformedXML for another form; InvalidArgument for an unknown name, two rules of one name, a value of more than
     *     1,024 bytes, and an expression that is none or too large
     */
    public static KeyFilter read(XmlElement element) {
        KeyFilter filter = ALL;
        for (XmlElement rule : element.only(RULE).children()) {
            rule.only(NAME, VALUE).once(NAME, VALUE);
            filter = filter.with(rule.requiredText(NAME), rule.requiredText(VALUE));
        }
        return filter;
    }

    private KeyFilter with(String name, String value) {
        if (value.getBytes(UTF_8).length > MAX_VALUE) {
            throw new S3Exception(
                            S3Error.INVALID_ARGUMENT,
                            "Size of filter rule value cannot exceed " + MAX_VALUE + " bytes in UTF-8 representation")
                    .argument("FilterRule.Value", value);
        }
        return switch (name.toLowerCase(Locale.ROOT)) {
            case PREFIX -> new KeyFilter(once(PREFIX, prefix, value), suffix, regex);
            case SUFFIX -> new KeyFilter(prefix, once(SUFFIX, suffix, value), regex);
            case REGEX -> new KeyFilter(prefix, suffix, once(REGEX, regex, compile(value)));
            default ->
                throw new S3Exception(S3Error.INVALID_ARGUMENT, "filter rule name must be either prefix or suffix")
                        .argument("FilterRule.Name", name);
        };
    }

    private static <T> Optional<T> once(String name, Optional<T> present, T value) {
        if (present.isPresent()) {
            throw new S3Exception(
                            S3Error.INVALID_ARGUMENT, "Cannot specify more than one " + name + " rule in a filter.")
                    .argument("FilterRule.Name", name);
        }
        return Optional.of(value);
    }

    /** The instructions of the compiled expression, which say how long it takes to match a key; 0 without one. */
    public int cost() {
        return regex.map(Pattern::programSize).orElse(0);
    }

    private static Pattern compile(String expression) {
        if (estimate(expression) > MAX_ESTIMATE) {
            throw tooLarge(expression);
        }
        Pattern pattern;
        try {
            pattern = Pattern.compile(expression);
        } catch (PatternSyntaxException notAnExpression) {
            throw invalid(
                    expression,
                    "The filter rule value is not a regular expression in the syntax of RE2: "
                            + notAnExpression.getDescription());
        }
        if (pattern.programSize() > MAX_PROGRAM) {
            throw tooLarge(expression);
        }
        return pattern;
    }

    /**
     * A bound of the size of an expression. The compiler writes out repetitions, and those of groups multiply: a few characters stand for
     * more instructions than there is memory. A repetition of one character adds to the size. Every other one, which follows a group or
     * what may end without a character, is taken as if all of the expression was repeated.
     */
    private static double estimate(String expression) {
        double sum = expression.length();
        double product = 1;
        Matcher repetition = REPETITION.matcher(expression);
        while (repetition.find()) {
            double times = Math.max(1, Math.max(number(repetition.group(1)), number(repetition.group(2))));
            if (repetition.start() > 0 && ")E}?*+".indexOf(expression.charAt(repetition.start() - 1)) >= 0) {
                product *= times;
            } else {
                sum += times;
            }
        }
        return product * sum;
    }

    private static double number(String digits) {
        return digits == null || digits.isEmpty() ? 0 : Double.parseDouble(digits);
    }

    private static S3Exception tooLarge(String expression) {
        return invalid(expression, "The regular expression is too large");
    }

    private static S3Exception invalid(String expression, String message) {
        return new S3Exception(S3Error.INVALID_ARGUMENT, message).argument("FilterRule.Value", expression);
    }

    /** Writes an element {@code <S3Key>}; nothing for a filter that selects every key. */
    public void write(XmlWriter xml) {
        if (equals(ALL)) {
            return;
        }
        xml.open("S3Key");
        rule(xml, PREFIX, prefix);
        rule(xml, SUFFIX, suffix);
        rule(xml, REGEX, regex.map(Pattern::pattern));
        xml.close();
    }

    private static void rule(XmlWriter xml, String name, Optional<String> value) {
        value.ifPresent(
                text -> xml.open(RULE).leaf(NAME, name).leaf(VALUE, text).close());
    }
}
