package io.pataka.service.encryption;

/** Finds the keys of SSE-KMS. */
public interface KeySource {

    /** A service without a key manager, which cannot offer SSE-KMS. */
    KeySource NONE = (keyId, project) -> {
        throw new KeyRefusedException(KeyRefusedException.Reason.NOT_CONFIGURED, "the settings name no key manager");
    };

    /**
     * @param keyId as a client named it
     * @param project the project that owns the bucket, for which the key must be meant
     * @throws KeyRefusedException when there is no such key, or the bucket may not use it
     * @throws KeysUnavailableException when the key manager does not answer, and the key is not cached
     */
    WrappingKey key(String keyId, String project) throws KeyRefusedException;
}
