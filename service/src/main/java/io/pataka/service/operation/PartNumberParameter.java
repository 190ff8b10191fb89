package io.pataka.service.operation;

import io.pataka.service.model.Content;
import io.pataka.service.protocol.Parameters;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import io.pataka.service.protocol.WholeNumber;
import java.util.Optional;
import java.util.OptionalInt;

/** The part that a request names. */
public final class PartNumberParameter {

    private static final String NAME = "partNumber";

    private PartNumberParameter() {}

    /** Whether the request has the parameter, with whatever value. */
    public static boolean isIn(Parameters parameters) {
        return parameters.has(NAME);
    }

    /**
     * Reads {@code partNumber}; empty when the request does not have it.
     *
     * @throws S3Exception InvalidArgument for a value that is no number from 1 to 10,000, an empty one included: a client that names
     *     a part must not get the whole object
     */
    public static OptionalInt of(Parameters parameters) {
        Optional<String> value = parameters.first(NAME);
        if (value.isEmpty()) {
            return OptionalInt.empty();
        }
        int number = WholeNumber.ofInt(value.get()).orElseThrow(() -> invalid(value.get()));
        requireInRange(number);
        return OptionalInt.of(number);
    }

    /**
     * @throws S3Exception InvalidArgument for a number beyond 1 to 10,000
     */
    public static void requireInRange(int number) {
        if (number < 1 || number > Content.Parts.MAX_COUNT) {
            throw invalid(Integer.toString(number));
        }
    }

    /** The error of a part that is named by something else than a number from 1 to 10,000. */
    public static S3Exception invalid(String value) {
        return new S3Exception(
                        S3Error.INVALID_ARGUMENT, "Part number must be an integer between 1 and 10000, inclusive")
                .argument(NAME, value);
    }
}
