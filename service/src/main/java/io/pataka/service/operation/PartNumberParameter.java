package io.pataka.service.operation;

import io.pataka.service.model.Content;
import io.pataka.service.protocol.Parameters;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import java.util.OptionalInt;

/** The part that a request names. */
public final class PartNumberParameter {

    private static final String NAME = "partNumber";

    private PartNumberParameter() {}

    /** Whether a part is named, by a number or by something that is none. */
    public static boolean isIn(Parameters parameters) {
        return parameters.first(NAME).filter(value -> !value.isEmpty()).isPresent();
    }

    /**
     * Reads {@code partNumber}; empty when no part is named.
     *
     * @throws S3Exception InvalidArgument for a number beyond 1 to 10,000
     */
    public static OptionalInt of(Parameters parameters) {
        OptionalInt number = parameters.number(NAME);
        if (number.isPresent()) {
            requireInRange(number.getAsInt());
        }
        return number;
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
