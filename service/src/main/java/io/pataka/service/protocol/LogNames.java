package io.pataka.service.protocol;

import static io.pataka.service.protocol.S3Operation.ABORT_MULTIPART_UPLOAD;
import static io.pataka.service.protocol.S3Operation.COMPLETE_MULTIPART_UPLOAD;
import static io.pataka.service.protocol.S3Operation.COPY_OBJECT;
import static io.pataka.service.protocol.S3Operation.DELETE_OBJECT_TAGGING;
import static io.pataka.service.protocol.S3Operation.GET_OBJECT_TAGGING;
import static io.pataka.service.protocol.S3Operation.LIST_PARTS;
import static io.pataka.service.protocol.S3Operation.PREFLIGHT_BUCKET;
import static io.pataka.service.protocol.S3Operation.PREFLIGHT_OBJECT;
import static io.pataka.service.protocol.S3Operation.PREFLIGHT_SERVICE;
import static io.pataka.service.protocol.S3Operation.PUT_OBJECT_TAGGING;
import static io.pataka.service.protocol.S3Operation.UPLOAD_PART;
import static io.pataka.service.protocol.S3Operation.UPLOAD_PART_COPY;
import static java.util.Map.entry;

import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/**
 * The names of operations in Amazon's access logs: {@code REST.<method>.<resource>}. Amazon documents the form and some of the names; the
 * others are the sub-resource in capitals.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/LogFormat.html">AWS: server access log format</a>
 */
final class LogNames {

    /** The resources whose name is not that of their sub-resource. */
    private static final Map<String, String> RESOURCES = Map.ofEntries(
            entry("logging", "LOGGING_STATUS"),
            entry("object-lock", "OBJECT_LOCK_CONFIGURATION"),
            entry("policy", "BUCKETPOLICY"),
            entry("versions", "BUCKETVERSIONS"),
            entry("delete", "MULTI_OBJECT_DELETE"));

    /** The operations whose name does not follow from their route. */
    private static final Map<S3Operation, String> OPERATIONS = Map.ofEntries(
            entry(COPY_OBJECT, "REST.COPY.OBJECT"),
            entry(UPLOAD_PART_COPY, "REST.COPY.PART"),
            entry(UPLOAD_PART, "REST.PUT.PART"),
            entry(ABORT_MULTIPART_UPLOAD, "REST.DELETE.UPLOAD"),
            entry(COMPLETE_MULTIPART_UPLOAD, "REST.POST.UPLOAD"),
            entry(LIST_PARTS, "REST.GET.UPLOAD"),
            entry(GET_OBJECT_TAGGING, "REST.GET.OBJECT_TAGGING"),
            entry(PUT_OBJECT_TAGGING, "REST.PUT.OBJECT_TAGGING"),
            entry(DELETE_OBJECT_TAGGING, "REST.DELETE.OBJECT_TAGGING"),
            entry(PREFLIGHT_SERVICE, "REST.OPTIONS.PREFLIGHT"),
            entry(PREFLIGHT_BUCKET, "REST.OPTIONS.PREFLIGHT"),
            entry(PREFLIGHT_OBJECT, "REST.OPTIONS.PREFLIGHT"));

    private static final Map<S3Operation, String> NAMES = names();

    private LogNames() {}

    static String of(S3Operation operation) {
        return NAMES.get(operation);
    }

    private static Map<S3Operation, String> names() {
        Map<S3Operation, String> names = new EnumMap<>(S3Operation.class);
        S3Operation.all().forEach(operation -> names.put(operation, name(operation)));
        return names;
    }

    private static String name(S3Operation operation) {
        String special = OPERATIONS.get(operation);
        if (special != null) {
            return special;
        }
        Route route = operation.route();
        return "REST." + route.method() + "." + resource(route);
    }

    private static String resource(Route route) {
        if (route.words().isEmpty()) {
            return route.resource().name();
        }
        String word = route.words().get(0);
        String special = RESOURCES.get(word);
        return special != null
                ? special
                : word.replaceAll("([a-z])([A-Z])", "$1_$2").replace('-', '_').toUpperCase(Locale.ROOT);
    }
}
