package io.pataka.service.operation.copy;

import io.pataka.service.protocol.RequestHeaders;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import java.util.Locale;
import java.util.Optional;

/**
 * What a copy takes from the request in place of its source.
 *
 * @param replaceMetadata {@code x-amz-metadata-directive: REPLACE}
 * @param replaceTags {@code x-amz-tagging-directive: REPLACE}
 */
record CopyDirectives(boolean replaceMetadata, boolean replaceTags) {

    /**
     * @throws S3Exception InvalidArgument for a directive that is neither COPY nor REPLACE
     */
    static CopyDirectives of(RequestHeaders headers) {
        return new CopyDirectives(
                replaces(headers, "x-amz-metadata-directive", "Unknown metadata directive."),
                replaces(headers, "x-amz-tagging-directive", "Unknown tagging directive."));
    }

    private static boolean replaces(RequestHeaders headers, String name, String unknown) {
        Optional<String> value = headers.first(name).filter(text -> !text.isEmpty());
        return switch (value.map(text -> text.toUpperCase(Locale.ROOT)).orElse("COPY")) {
            case "COPY" -> false;
            case "REPLACE" -> true;
            default -> throw new S3Exception(S3Error.INVALID_ARGUMENT, unknown).argument(name, value.orElse(""));
        };
    }
}
