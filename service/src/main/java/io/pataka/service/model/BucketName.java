package io.pataka.service.model;

import java.util.Objects;
import java.util.regex.Pattern;

/**
 * A bucket's name as it is in a request: any text of 1 to 255 characters. {@link #isStrict()} and {@link #isRelaxed()} say whether a
 * bucket of that name may be created. No bucket is ever found under any other name.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html">AWS: bucket naming rules</a>
 */
public record BucketName(String text) {

    private static final Pattern STRICT = Pattern.compile("[a-z0-9](?:[a-z0-9-]|\\.(?!\\.))*[a-z0-9]");
    private static final Pattern RELAXED = Pattern.compile("[A-Za-z0-9._-]{3,255}");
    private static final Pattern IPV4 = Pattern.compile("\\d{1,3}(?:\\.\\d{1,3}){3}");

    public BucketName {
        Objects.requireNonNull(text);
        if (text.isEmpty() || text.length() > 255) {
            throw new IllegalArgumentException("a bucket name has 1 to 255 characters, not " + text.length());
        }
    }

    /** AWS's rules: 3 to 63 of {@code a-z 0-9 . -}, letter or digit at both ends, no IPv4 form, no reserved prefix or suffix. */
    public boolean isStrict() {
        return text.length() >= 3
                && text.length() <= 63
                && STRICT.matcher(text).matches()
                && !text.contains("-.")
                && !text.contains(".-")
                && !IPV4.matcher(text).matches()
                && !text.startsWith("xn--")
                && !text.startsWith("sthree-")
                && !text.startsWith("amzn-s3-demo-")
                && !text.endsWith("-s3alias")
                && !text.endsWith("--ol-s3")
                && !text.endsWith(".mrap")
                && !text.endsWith("--x-s3")
                && !text.endsWith("--table-s3");
    }

    /** Ceph's {@code rgw_relaxed_s3_bucket_names}: 3 to 255 letters, digits, dots, dashes and underscores, no IPv4 form. */
    public boolean isRelaxed() {
        return RELAXED.matcher(text).matches() && !IPV4.matcher(text).matches();
    }

    @Override
    public String toString() {
        return text;
    }
}
