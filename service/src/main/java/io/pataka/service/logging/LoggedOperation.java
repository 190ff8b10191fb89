package io.pataka.service.logging;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.pataka.service.model.ObjectKey;
import io.pataka.service.protocol.PercentCoding;
import java.util.Map;
import java.util.Objects;

/**
 * An operation in access logs. Amazon encodes keys twice, but only once where a key does not come from the path of a request; those who
 * read logs decode by the name of the operation.
 *
 * @param name {@code REST.GET.OBJECT}
 * @param encodesOnce whether keys are encoded once
 */
public record LoggedOperation(String name, boolean encodesOnce) {

    /** One key that DeleteObjects named. */
    public static final LoggedOperation BATCH_DELETE = new LoggedOperation("BATCH.DELETE.OBJECT", true);

    /** A version that a lifecycle rule removed for ever. */
    public static final LoggedOperation EXPIRE = new LoggedOperation("S3.EXPIRE.OBJECT", true);

    /** A delete marker that a lifecycle rule made. */
    public static final LoggedOperation EXPIRE_BY_MARKER = new LoggedOperation("S3.CREATE.DELETEMARKER", true);

    /** An upload that a lifecycle rule aborted. */
    public static final LoggedOperation EXPIRE_UPLOAD = new LoggedOperation("S3.DELETE.UPLOAD", true);

    /** Amazon's abbreviations of storage classes; GLACIER and classes that Amazon does not have get none. */
    private static final Map<String, String> TRANSITIONS = Map.of(
            "STANDARD_IA", "_SIA",
            "ONEZONE_IA", "_ZIA",
            "INTELLIGENT_TIERING", "_INT",
            "GLACIER_IR", "_GIR",
            "DEEP_ARCHIVE", "_GDA");

    public LoggedOperation {
        Objects.requireNonNull(name);
    }

    /** A version that a lifecycle rule moved to another storage class: {@code S3.TRANSITION_SIA.OBJECT}. */
    public static LoggedOperation transition(String storageClass) {
        return new LoggedOperation("S3.TRANSITION" + TRANSITIONS.getOrDefault(storageClass, "") + ".OBJECT", true);
    }

    /** One that a request to S3 or to a website asked for. */
    public static LoggedOperation ofRequest(String name) {
        return new LoggedOperation(name, false);
    }

    /** What this copy does with its source, in the log of the source: {@code REST.COPY.OBJECT_GET}. */
    public LoggedOperation ofSource() {
        return new LoggedOperation(name + "_GET", encodesOnce);
    }

    /** The key as the log has it, in ASCII without spaces. */
    String encoded(ObjectKey key) {
        String once = PercentCoding.encodePath(key.bytes());
        return encodesOnce ? once : PercentCoding.encodePath(once.getBytes(US_ASCII));
    }
}
