package io.pataka.service.operation;

import io.pataka.service.metadata.ObjectIndex.VersionSelector;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import io.pataka.service.protocol.S3Request;
import java.util.Optional;

/** The version that a request names. */
public final class VersionParameter {

    private VersionParameter() {}

    /**
     * Reads {@code versionId}; empty when the current version is meant.
     *
     * @throws S3Exception InvalidArgument for a text that names no version of ours
     */
    public static Optional<VersionSelector> of(S3Request request) {
        Optional<String> text = request.versionId();
        if (text.isEmpty()) {
            return Optional.empty();
        }
        if (text.get().isEmpty()) {
            throw invalid("Version id cannot be the empty string", "");
        }
        return Optional.of(VersionSelector.named(text.get())
                .orElseThrow(() -> invalid("Invalid version id specified", text.get())));
    }

    private static S3Exception invalid(String message, String value) {
        return new S3Exception(S3Error.INVALID_ARGUMENT, message).argument("versionId", value);
    }
}
