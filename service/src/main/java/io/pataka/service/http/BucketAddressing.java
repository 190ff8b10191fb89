package io.pataka.service.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.pataka.service.model.BucketName;
import io.pataka.service.model.ObjectKey;
import io.pataka.service.protocol.PercentCoding;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Finds bucket and key of a request, by the path alone ({@code /bucket/key}) or, for a host name below one of the service's
 * domains, by host and path ({@code bucket.domain}, {@code /key}).
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html">AWS: virtual hosting of buckets</a>
 */
public final class BucketAddressing {

    private final List<String> domains;

    /** @param domains host names whose subdomains are buckets; if one is below another, the longer one is tried first */
    public BucketAddressing(Collection<String> domains) {
        this.domains = domains.stream()
                .map(domain -> domain.toLowerCase(Locale.ROOT))
                .sorted(Comparator.comparingInt(String::length).reversed())
                .toList();
    }

    /** What a request names. A key comes with a bucket. */
    public record Place(Optional<BucketName> bucket, Optional<ObjectKey> key) {

        static final Place NONE = new Place(Optional.empty(), Optional.empty());
    }

    /**
     * @param host the {@code Host} header, with or without a port
     * @param rawPath begins with a slash; not decoded
     * @throws S3Exception InvalidURI, InvalidBucketName or KeyTooLongError
     */
    public Place locate(Optional<String> host, String rawPath) {
        if (!rawPath.startsWith("/")) {
            throw new S3Exception(S3Error.INVALID_URI).with("URI", rawPath);
        }
        Optional<String> fromHost = host.flatMap(this::bucketOf);
        if (fromHost.isPresent()) {
            return new Place(Optional.of(bucket(fromHost.get())), key(rawPath.substring(1)));
        }
        if (rawPath.length() == 1) {
            return Place.NONE;
        }
        int slash = rawPath.indexOf('/', 1);
        String rawBucket = slash < 0 ? rawPath.substring(1) : rawPath.substring(1, slash);
        BucketName bucket = bucket(new String(PercentCoding.decodePath(rawBucket), UTF_8));
        return new Place(Optional.of(bucket), slash < 0 ? Optional.empty() : key(rawPath.substring(slash + 1)));
    }

    /**
     * Whether the host itself names a bucket, so that the whole path is a key.
     *
     * @param host the {@code Host} header; may be null
     */
    boolean isOfABucket(String host) {
        return host != null && bucketOf(host).isPresent();
    }

    private Optional<String> bucketOf(String host) {
        String name = hostName(host);
        for (String domain : domains) {
            if (name.equals(domain)) {
                return Optional.empty();
            }
            if (name.length() > domain.length() + 1
                    && name.endsWith(domain)
                    && name.charAt(name.length() - domain.length() - 1) == '.') {
                return Optional.of(name.substring(0, name.length() - domain.length() - 1));
            }
        }
        return Optional.empty();
    }

    /** The name in a {@code Host} header, in lower case and without the port. */
    static String hostName(String host) {
        int colon = host.lastIndexOf(':');
        return (colon > host.lastIndexOf(']') ? host.substring(0, colon) : host).toLowerCase(Locale.ROOT);
    }

    private static BucketName bucket(String name) {
        if (name.isEmpty() || name.length() > 255) {
            throw new S3Exception(S3Error.INVALID_BUCKET_NAME).with("BucketName", name);
        }
        return new BucketName(name);
    }

    /**
     * @param rawKey the path after the slash; not decoded
     * @throws S3Exception InvalidURI or KeyTooLongError
     */
    static Optional<ObjectKey> key(String rawKey) {
        if (rawKey.isEmpty()) {
            return Optional.empty();
        }
        byte[] key = PercentCoding.decodePath(rawKey);
        if (key.length > ObjectKey.MAX_LENGTH) {
            throw new S3Exception(S3Error.KEY_TOO_LONG)
                    .with("Size", Integer.toString(key.length))
                    .with("MaxSizeAllowed", Integer.toString(ObjectKey.MAX_LENGTH));
        }
        return Optional.of(ObjectKey.of(key));
    }
}
