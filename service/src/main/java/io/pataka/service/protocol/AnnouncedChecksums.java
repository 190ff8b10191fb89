package io.pataka.service.protocol;

import io.pataka.service.model.Checksum;
import io.pataka.service.model.ChecksumAlgorithm;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * The additional checksum that a client sends with a body: at most one, in a header or in a trailer that a header announces.
 *
 * @param algorithm empty when the client sends none
 * @param inHeader the value, if it is in a header; otherwise it comes as a trailer
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html">AWS: checking object
 *     integrity</a>
 */
public record AnnouncedChecksums(Optional<ChecksumAlgorithm> algorithm, Optional<String> inHeader) {

    /** No checksum. */
    public static final AnnouncedChecksums NONE = new AnnouncedChecksums(Optional.empty(), Optional.empty());

    private static final String PREFIX = "x-amz-checksum-";
    /** Headers with the same prefix that are not checksums. */
    private static final Set<String> ABOUT =
            Set.of("x-amz-checksum-mode", "x-amz-checksum-algorithm", "x-amz-checksum-type");

    private static final String MULTIPLE =
            "Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.";
    /** Letters of Base64 without padding. */
    private static final Pattern UNPADDED = Pattern.compile("[A-Za-z0-9+/]+");
    /** The end of a composite value. */
    private static final Pattern COUNT = Pattern.compile("-[0-9]{1,5}$");

    public AnnouncedChecksums {
        Objects.requireNonNull(algorithm);
        Objects.requireNonNull(inHeader);
    }

    /**
     * @throws S3Exception InvalidRequest for more than one checksum, an unknown algorithm, an algorithm announced without a
     *     value, or a malformed value; BadDigest as {@link #requireForm}
     */
    public static AnnouncedChecksums of(RequestHeaders headers) {
        List<String> named = names(headers);
        List<String> trailing = headers.all("x-amz-trailer").stream()
                .flatMap(value -> Arrays.stream(value.split(",")))
                .map(name -> name.trim().toLowerCase(Locale.ROOT))
                .filter(name -> name.startsWith(PREFIX))
                .toList();
        if (named.size() == 1 && trailing.size() == 1) {
            throw invalid("Expecting a single x-amz-checksum- header");
        }
        if (named.size() + trailing.size() > 1) {
            throw invalid(MULTIPLE);
        }
        Optional<ChecksumAlgorithm> declared = declared(headers);
        if (named.isEmpty() && trailing.isEmpty()) {
            if (declared.isPresent()) {
                throw invalid(
                        "x-amz-sdk-checksum-algorithm specified, but no corresponding x-amz-checksum-* or x-amz-trailer"
                                + " headers were found.");
            }
            return NONE;
        }
        String header = named.isEmpty() ? trailing.get(0) : named.get(0);
        ChecksumAlgorithm algorithm = algorithmOfHeader(header);
        if (declared.isPresent() && declared.get() != algorithm) {
            throw invalid("Value for x-amz-sdk-checksum-algorithm header is invalid.");
        }
        Optional<String> value = named.isEmpty() ? Optional.empty() : headers.first(header);
        value.ifPresent(text -> requireForm(algorithm, text, "header"));
        return new AnnouncedChecksums(Optional.of(algorithm), value);
    }

    private static Optional<ChecksumAlgorithm> declared(RequestHeaders headers) {
        return headers.first("x-amz-sdk-checksum-algorithm")
                .filter(name -> !name.isEmpty())
                .map(AnnouncedChecksums::algorithmOf);
    }

    private static ChecksumAlgorithm algorithmOf(String name) {
        return ChecksumAlgorithm.named(name)
                .orElseThrow(() ->
                        invalid("Checksum algorithm provided is unsupported. Please try again with any of the valid"
                                + " types: " + Arrays.toString(ChecksumAlgorithm.values())));
    }

    /**
     * Refuses a malformed value: Base64 of another length, or not canonical.
     *
     * @param place what holds the value, for the message
     * @throws S3Exception InvalidRequest, as with Amazon; BadDigest for Base64 without padding, as the tests of Ceph Gateway
     *     require
     */
    private static void requireForm(ChecksumAlgorithm algorithm, String value, String place) {
        if (UNPADDED.matcher(value).matches() && value.length() % 4 != 0) {
            throw mismatch(algorithm);
        }
        if (!isValue(algorithm, value)) {
            throw invalid("Value for " + algorithm.header() + " " + place + " is invalid.");
        }
    }

    private static boolean isValue(ChecksumAlgorithm algorithm, String text) {
        try {
            byte[] sum = Base64.getDecoder().decode(text);
            return sum.length == algorithm.length()
                    && Base64.getEncoder().encodeToString(sum).equals(text);
        } catch (IllegalArgumentException notBase64) {
            return false;
        }
    }

    /**
     * The checksum of a whole object that is assembled from parts. It is a header of the request whose document lists the
     * parts. A composite value ends with a dash and the number of parts.
     *
     * @throws S3Exception InvalidRequest for more than one checksum, an unknown algorithm or a malformed value; BadDigest as
     *     {@link #requireForm}
     */
    public static AnnouncedChecksums ofAssembled(RequestHeaders headers) {
        List<String> named = names(headers);
        if (named.isEmpty()) {
            return NONE;
        }
        if (named.size() > 1) {
            throw invalid(MULTIPLE);
        }
        ChecksumAlgorithm algorithm = algorithmOfHeader(named.get(0));
        String value = headers.first(named.get(0)).orElse("");
        requireForm(algorithm, COUNT.matcher(value).replaceFirst(""), "header");
        return new AnnouncedChecksums(Optional.of(algorithm), Optional.of(value));
    }

    private static List<String> names(RequestHeaders headers) {
        return headers.names().stream()
                .filter(name -> name.startsWith(PREFIX) && !ABOUT.contains(name))
                .toList();
    }

    private static ChecksumAlgorithm algorithmOfHeader(String header) {
        return ChecksumAlgorithm.named(header.substring(PREFIX.length()))
                .orElseThrow(() -> invalid("The algorithm type you specified in x-amz-checksum- header is invalid."));
    }

    /** The error for a checksum that does not match the body. */
    public static S3Exception mismatch(ChecksumAlgorithm algorithm) {
        return new S3Exception(
                S3Error.BAD_DIGEST, "The " + algorithm + " you specified did not match the calculated checksum.");
    }

    /** The algorithms to compute while the body is read: the client's, or else Amazon's default. */
    public Set<ChecksumAlgorithm> algorithms() {
        return Set.of(algorithm.orElse(ChecksumAlgorithm.DEFAULT));
    }

    /**
     * The values that the client sends. Call the supplier after the end of the body.
     *
     * @return a supplier that throws MalformedTrailerError when an announced trailer did not come
     */
    public Supplier<List<Checksum>> values(RequestBody body) {
        return () -> algorithm
                .map(it -> List.of(
                        new Checksum(it, Checksum.Type.FULL_OBJECT, inHeader.orElseGet(() -> trailer(it, body)))))
                .orElse(List.of());
    }

    private static String trailer(ChecksumAlgorithm algorithm, RequestBody body) {
        String value =
                body.trailers().first(algorithm.header()).orElseThrow(() -> new S3Exception(S3Error.MALFORMED_TRAILER));
        requireForm(algorithm, value, "trailing header");
        return value;
    }

    private static S3Exception invalid(String message) {
        return new S3Exception(S3Error.INVALID_REQUEST, message);
    }
}
