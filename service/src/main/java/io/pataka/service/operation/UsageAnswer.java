package io.pataka.service.operation;

import io.pataka.service.metadata.BucketCatalog.Usage;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import java.util.Optional;

/** The usage of buckets and accounts in answers to clients. */
public final class UsageAnswer {

    /** The response header with the time of a sum; absent if the usage was counted for this answer. */
    public static final String AS_OF = "x-pataka-usage-as-of";

    private UsageAnswer() {}

    /**
     * @throws S3Exception ServiceUnavailable when it is still being added up
     */
    public static Usage require(Optional<Usage> usage) {
        return usage.orElseThrow(() -> new S3Exception(
                        S3Error.SERVICE_UNAVAILABLE, "The usage is still being added up. Please try again later.")
                .header("Retry-After", "60"));
    }

    /** The value of {@link #AS_OF}. */
    public static Optional<String> asOf(Usage usage) {
        return usage.asOf().map(Object::toString);
    }
}
