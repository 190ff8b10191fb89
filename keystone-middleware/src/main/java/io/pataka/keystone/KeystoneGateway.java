package io.pataka.keystone;

/**
 * The two calls to Keystone. Each returns or throws within the timeout of the settings. Neither may be called on a thread that
 * uses OpenStack4j for other work.
 */
interface KeystoneGateway {

    /** Reads the secret of an access key. */
    Reading secretOf(String accessKey) throws KeystoneUnavailableException;

    /** Asks whether the signature is right and its owner authorised now, by {@code POST /v3/s3tokens}. */
    Verdict prove(SignedProof proof) throws KeystoneUnavailableException;

    /** What is stored under an access key. */
    sealed interface Reading {
        record Found(StoredCredential credential) implements Reading {}

        record Unknown() implements Reading {}

        /** The stored credential cannot be used for signatures. */
        record Unusable(String cause) implements Reading {}
    }

    /** Keystone's verdict on a proof. */
    sealed interface Verdict {
        record Proved(KeystoneIdentity identity) implements Verdict {}

        /**
         * The signature is wrong; or user, project or domain is disabled; or the user has no role there. Keystone does not
         * distinguish these. The service token was found to be valid.
         */
        record NotProved() implements Verdict {}

        /** The access key was deleted, or the trust or application credential that it was made from. */
        record Gone() implements Verdict {}
    }
}
