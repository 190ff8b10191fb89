package io.pataka.service.metadata;

/**
 * Why a change was not made. Callers answer by a {@code switch} expression over all constants, so a new one does not compile until
 * each of them says what it means.
 */
public enum Refusal {
    /** The condition did not hold. */
    CONDITION_UNMET,

    /** The condition asks for an object, and the key has no version. */
    NOTHING_TO_MATCH,

    /** The condition asks for an object, and the version is a delete marker. */
    MARKER_TO_MATCH,

    /** The version is not there, or is a delete marker. */
    NO_SUCH_VERSION,

    /** The upload was completed or aborted, or never began. */
    NO_SUCH_UPLOAD,

    /** The source of a copy was replaced or deleted after it was looked up. */
    SOURCE_GONE,

    /** A retention or a legal hold keeps the version. */
    LOCKED,

    /** The quota of the bucket, or of the project that owns it, has no room for the change. */
    QUOTA_EXCEEDED,

    /** Another write came between, though the condition may hold. */
    CONFLICT,

    /**
     * The bucket was deleted, or its settings changed, since the caller looked it up. The caller looks it up again and repeats the
     * change.
     */
    BUCKET_CHANGED,

    /** The bucket was deleted since the caller looked it up. */
    BUCKET_GONE,

    /** The bucket was deleted since the caller looked it up, and another has its name, for which the caller is not authorised. */
    BUCKET_REPLACED
}
