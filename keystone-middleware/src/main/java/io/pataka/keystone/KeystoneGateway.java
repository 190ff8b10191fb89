package io.pataka.keystone;

/**
 * The two questions that are asked of Keystone. Each answers or throws within the timeout of the settings; neither may be called
 * on a thread that uses OpenStack4j for something else.
 */
interface KeystoneGateway {

    /** Reads the secret of an access key. */
    Reading secretOf(String accessKey) throws KeystoneUnavailableException;

    /** Whether the signature is right and its owner authorised at this moment, by {@code POST /v3/s3tokens}. */
    Verdict prove(SignedProof proof) throws KeystoneUnavailableException;

    /** What is stored under an access key. */
    sealed interface Reading {
        record Found(StoredCredential credential) implements Reading {}

        record Unknown() implements Reading {}

        /** Something is stored that nobody can sign with. */
        record Unusable(String cause) implements Reading {}
    }

    /** Keystone's word on a proof. */
    sealed interface Verdict {
        record Proved(KeystoneIdentity identity) implements Verdict {}

        /**
         * The signature is wrong; or user, project or domain is disabled; or the user has no role there. Keystone does not
         * tell these apart. That the service token stands has been made sure of.
         */
        record NotProved() implements Verdict {}

        /** The access key is gone, or the trust or application credential that it was made from. */
        record Gone() implements Verdict {}
    }
}
