package io.pataka.service.protocol;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.pataka.service.model.BucketName;
import io.pataka.service.model.ObjectKey;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a copy reads: {@code [/]bucket/key[?versionId=version]}, encoded like a query: a plus is a space.
 *
 * @param versionId as sent; empty for the current version
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html">AWS: CopyObject</a>
 */
public record CopySource(BucketName bucket, ObjectKey key, Optional<String> versionId) {

    private static final String HEADER = "x-amz-copy-source";
    private static final String VERSION = "?versionId=";

    private static final Pattern IN_BUCKET_NAMES = Pattern.compile("[A-Za-z0-9._-]+");

    public CopySource {
        Objects.requireNonNull(bucket);
        Objects.requireNonNull(key);
        Objects.requireNonNull(versionId);
    }

    /**
     * @throws S3Exception InvalidArgument when the header does not name a bucket and a key; a whole URL does not
     */
    public static CopySource of(RequestHeaders headers) {
        return parse(HEADER, headers.first(HEADER).orElse(""));
    }

    /** Reads a source from a header with another name: {@code x-amz-rename-source}. */
    public static CopySource parse(String header, String value) {
        int query = value.lastIndexOf(VERSION);
        String path = query < 0 ? value : value.substring(0, query);
        Optional<String> version =
                query < 0 ? Optional.empty() : Optional.of(value.substring(query + VERSION.length()));
        byte[] bytes = decode(header, value, path);
        int start = bytes.length > 0 && bytes[0] == '/' ? 1 : 0;
        int slash = start;
        while (slash < bytes.length && bytes[slash] != '/') {
            slash++;
        }
        int keyLength = bytes.length - slash - 1;
        if (slash == start
                || slash - start > 255
                || keyLength < 1
                || version.filter(String::isEmpty).isPresent()) {
            throw invalid(header, value);
        }
        if (keyLength > ObjectKey.MAX_LENGTH) {
            throw new S3Exception(S3Error.KEY_TOO_LONG);
        }
        BucketName bucket = new BucketName(new String(bytes, start, slash - start, UTF_8));
        if (!IN_BUCKET_NAMES.matcher(bucket.text()).matches()) {
            // In a whole URL, http: is in the place of the bucket.
            throw new S3Exception(S3Error.INVALID_ARGUMENT, "Invalid copy source bucket name").argument(header, value);
        }
        return new CopySource(bucket, ObjectKey.of(Arrays.copyOfRange(bytes, slash + 1, bytes.length)), version);
    }

    private static byte[] decode(String header, String value, String path) {
        try {
            // Header values have one character per byte; clients that do not escape send UTF-8.
            String text = new String(path.getBytes(ISO_8859_1), UTF_8);
            return PercentCoding.decodeQueryBytes(text);
        } catch (S3Exception brokenEscape) {
            throw invalid(header, value);
        }
    }

    private static S3Exception invalid(String header, String value) {
        return new S3Exception(
                        S3Error.INVALID_ARGUMENT,
                        "Copy Source must mention the source bucket and key: sourcebucket/sourcekey")
                .argument(header, value);
    }
}
