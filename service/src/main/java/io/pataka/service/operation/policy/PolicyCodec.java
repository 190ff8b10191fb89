package io.pataka.service.operation.policy;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.pataka.service.model.ByteSource;
import io.pataka.service.operation.DocumentCodec;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import io.pataka.service.protocol.S3Response;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;

/**
 * A policy is stored and answered character for character as it was sent. So a stored policy that a later release can no longer parse
 * is answered, too. {@link PolicyGuard} parses the policy of a request.
 */
final class PolicyCodec implements DocumentCodec<String> {

    /**
     * @throws S3Exception MalformedPolicy for bytes that are no UTF-8
     */
    @Override
    public String read(byte[] sent) {
        try {
            return UTF_8.newDecoder().decode(ByteBuffer.wrap(sent)).toString();
        } catch (CharacterCodingException notUtf8) {
            throw new S3Exception(S3Error.MALFORMED_POLICY, "This policy contains invalid Json")
                    .with("Detail", "not UTF-8");
        }
    }

    /** Refused as a policy that is malformed, and not as a body that is missing. */
    @Override
    public String readNothing() {
        return "";
    }

    @Override
    public byte[] write(String policy) {
        return policy.getBytes(UTF_8);
    }

    @Override
    public S3Response answer(String policy) {
        return S3Response.ok().header("Content-Type", "application/json").body(ByteSource.of(write(policy)));
    }
}
