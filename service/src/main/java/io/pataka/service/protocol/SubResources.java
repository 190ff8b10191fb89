package io.pataka.service.protocol;

import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The query parameters that are sub-resources of Amazon S3 or Ceph Gateway: a request with one does not concern the bucket or
 * the object itself. Amazon's are in the rows of {@link S3Operation}, which cover its whole service model.
 *
 * @see <a href="https://docs.ceph.com/en/latest/radosgw/s3/">Ceph: the S3 API</a>
 */
public final class SubResources {

    /** Sub-resources of Ceph Gateway that no row has. */
    private static final Set<String> OF_CEPH = Set.of("layout", "mdsearch", "usage");

    /** The parameter that names a configuration. It is no sub-resource by itself. */
    private static final String CONFIGURATION = "id";

    private static final Set<String> KNOWN = Stream.concat(
                    OF_CEPH.stream(),
                    S3Operation.all().stream()
                            .map(S3Operation::route)
                            .flatMap(route -> Stream.concat(route.words().stream(), route.needs().stream())))
            .filter(word -> !word.equals(CONFIGURATION))
            .collect(Collectors.toUnmodifiableSet());

    private SubResources() {}

    /** Whether the parameter is a sub-resource of a bucket, an object, or the service. */
    public static boolean isKnown(String word) {
        return KNOWN.contains(word);
    }
}
