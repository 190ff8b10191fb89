package io.pataka.service.model;

/** How firmly a version is retained. */
public enum RetentionMode {
    /** Callers with {@code s3:BypassGovernanceRetention} may shorten the retention or delete the version. */
    GOVERNANCE,

    /** Until the date, no caller may shorten the retention or delete the version. */
    COMPLIANCE
}
