package io.pataka.service.logging;

/** How the keys of log objects are made. */
public enum LogKeyFormat {
    /** Prefix and time. */
    SIMPLE,
    /** Prefix, owner, region and name of the source, and the day on which the object was written. */
    PARTITIONED_BY_DELIVERY,
    /** As {@link #PARTITIONED_BY_DELIVERY}, but with the day of the records; an object has records of one day. */
    PARTITIONED_BY_EVENT
}
