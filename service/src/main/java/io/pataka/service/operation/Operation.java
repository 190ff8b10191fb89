package io.pataka.service.operation;

import io.pataka.service.access.AdmittedCall;
import io.pataka.service.protocol.S3Response;
import java.io.IOException;

/**
 * One S3 operation. Throws {@link io.pataka.service.protocol.S3Exception} for every answer that is an error; an
 * {@link IOException} is a client gone or a volume failed, and the pipeline makes the answer. Everything that may fail is done
 * before it returns, except the streaming of the body.
 */
@FunctionalInterface
public interface Operation {

    S3Response perform(AdmittedCall call) throws IOException;
}
