package io.pataka.service.protocol;

import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The query words that Amazon S3 or Ceph Gateway know as sub-resources: a request that names one asks for something else than the
 * bucket or the object itself. Amazon's are those of the rows of {@link S3Operation}, which hold all of its service model.
 *
 * @see <a href="https://docs.ceph.com/en/latest/radosgw/s3/">Ceph: the S3 API</a>
 */
public final class SubResources {

    /** Those of Ceph Gateway that no row has. */
    private static final Set<String> OF_CEPH = Set.of("layout", "mdsearch", "usage");

    /** A row's parameter that names a configuration, and of its own means nothing. */
    private static final String CONFIGURATION = "id";

    private static final Set<String> KNOWN = Stream.concat(
                    OF_CEPH.stream(),
                    S3Operation.all().stream()
                            .map(S3Operation::route)
                            .flatMap(route -> Stream.concat(route.words().stream(), route.needs().stream())))
            .filter(word -> !word.equals(CONFIGURATION))
            .collect(Collectors.toUnmodifiableSet());

    private SubResources() {}

    /** Whether the word is a sub-resource of a bucket, an object, or the service. */
    public static boolean isKnown(String word) {
        return KNOWN.contains(word);
    }
}
