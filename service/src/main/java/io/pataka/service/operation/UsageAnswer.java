package io.pataka.service.operation;

import io.pataka.service.metadata.BucketCatalog.Usage;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import java.util.Optional;

/** Usage as clients are told it. */
public final class UsageAnswer {

    /** The response header that tells since when sums may have changed; absent for what was counted now. */
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
