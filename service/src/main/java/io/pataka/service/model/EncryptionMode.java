package io.pataka.service.model;

/** Who keeps the key with which the data key of a version is wrapped. */
public enum EncryptionMode {

    /** The service: SSE-S3. */
    S3,

    /** A key manager: SSE-KMS. */
    KMS,

    /** The client, who sends it with each request: SSE-C. */
    CUSTOMER
}
