package io.pataka.service.protocol;

import static io.pataka.service.protocol.S3Operation.ABORT_MULTIPART_UPLOAD;
import static io.pataka.service.protocol.S3Operation.APPEND_OBJECT;
import static io.pataka.service.protocol.S3Operation.COMPLETE_MULTIPART_UPLOAD;
import static io.pataka.service.protocol.S3Operation.COPY_OBJECT;
import static io.pataka.service.protocol.S3Operation.CREATE_MULTIPART_UPLOAD;
import static io.pataka.service.protocol.S3Operation.DELETE_BUCKET_CORS;
import static io.pataka.service.protocol.S3Operation.DELETE_BUCKET_LIFECYCLE;
import static io.pataka.service.protocol.S3Operation.DELETE_BUCKET_TAGGING;
import static io.pataka.service.protocol.S3Operation.DELETE_OBJECT;
import static io.pataka.service.protocol.S3Operation.DELETE_OBJECTS;
import static io.pataka.service.protocol.S3Operation.DELETE_OBJECT_TAGGING;
import static io.pataka.service.protocol.S3Operation.GET_BUCKET_ACL;
import static io.pataka.service.protocol.S3Operation.GET_BUCKET_CORS;
import static io.pataka.service.protocol.S3Operation.GET_BUCKET_LIFECYCLE_CONFIGURATION;
import static io.pataka.service.protocol.S3Operation.GET_BUCKET_REQUEST_PAYMENT;
import static io.pataka.service.protocol.S3Operation.GET_BUCKET_TAGGING;
import static io.pataka.service.protocol.S3Operation.GET_OBJECT;
import static io.pataka.service.protocol.S3Operation.GET_OBJECT_ACL;
import static io.pataka.service.protocol.S3Operation.GET_OBJECT_LEGAL_HOLD;
import static io.pataka.service.protocol.S3Operation.GET_OBJECT_LOCK_CONFIGURATION;
import static io.pataka.service.protocol.S3Operation.GET_OBJECT_RETENTION;
import static io.pataka.service.protocol.S3Operation.GET_OBJECT_TAGGING;
import static io.pataka.service.protocol.S3Operation.GET_USAGE;
import static io.pataka.service.protocol.S3Operation.HEAD_BUCKET;
import static io.pataka.service.protocol.S3Operation.HEAD_OBJECT;
import static io.pataka.service.protocol.S3Operation.LIST_MULTIPART_UPLOADS;
import static io.pataka.service.protocol.S3Operation.LIST_OBJECTS;
import static io.pataka.service.protocol.S3Operation.LIST_OBJECTS_V2;
import static io.pataka.service.protocol.S3Operation.LIST_OBJECT_VERSIONS;
import static io.pataka.service.protocol.S3Operation.LIST_PARTS;
import static io.pataka.service.protocol.S3Operation.POST_OBJECT;
import static io.pataka.service.protocol.S3Operation.PREFLIGHT_BUCKET;
import static io.pataka.service.protocol.S3Operation.PREFLIGHT_OBJECT;
import static io.pataka.service.protocol.S3Operation.PREFLIGHT_SERVICE;
import static io.pataka.service.protocol.S3Operation.PUT_BUCKET_ACL;
import static io.pataka.service.protocol.S3Operation.PUT_BUCKET_CORS;
import static io.pataka.service.protocol.S3Operation.PUT_BUCKET_LIFECYCLE_CONFIGURATION;
import static io.pataka.service.protocol.S3Operation.PUT_BUCKET_REQUEST_PAYMENT;
import static io.pataka.service.protocol.S3Operation.PUT_BUCKET_TAGGING;
import static io.pataka.service.protocol.S3Operation.PUT_BUCKET_VERSIONING;
import static io.pataka.service.protocol.S3Operation.PUT_BUCKET_WEBSITE;
import static io.pataka.service.protocol.S3Operation.PUT_OBJECT;
import static io.pataka.service.protocol.S3Operation.PUT_OBJECT_ACL;
import static io.pataka.service.protocol.S3Operation.PUT_OBJECT_LEGAL_HOLD;
import static io.pataka.service.protocol.S3Operation.PUT_OBJECT_LOCK_CONFIGURATION;
import static io.pataka.service.protocol.S3Operation.PUT_OBJECT_RETENTION;
import static io.pataka.service.protocol.S3Operation.PUT_OBJECT_TAGGING;
import static io.pataka.service.protocol.S3Operation.RESTORE_OBJECT;
import static io.pataka.service.protocol.S3Operation.UPLOAD_PART;
import static io.pataka.service.protocol.S3Operation.UPLOAD_PART_COPY;
import static java.util.Map.entry;

import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/**
 * The names of operations in Ceph's accounts of usage. Operations that are not in the list have Amazon's name in Ceph's spelling: {@code
 * create_bucket}.
 *
 * @see <a href="https://docs.ceph.com/en/latest/radosgw/adminops/#get-usage">Ceph: admin operations, get usage</a>
 */
final class UsageCategories {

    private static final Map<S3Operation, String> OTHERS = Map.ofEntries(
            entry(GET_OBJECT, "get_obj"),
            entry(HEAD_OBJECT, "get_obj"),
            entry(PUT_OBJECT, "put_obj"),
            entry(UPLOAD_PART, "put_obj"),
            entry(APPEND_OBJECT, "put_obj"),
            entry(UPLOAD_PART_COPY, "put_obj"),
            entry(POST_OBJECT, "post_obj"),
            entry(COPY_OBJECT, "copy_obj"),
            entry(DELETE_OBJECT, "delete_obj"),
            entry(DELETE_OBJECTS, "multi_object_delete"),
            entry(CREATE_MULTIPART_UPLOAD, "init_multipart"),
            entry(COMPLETE_MULTIPART_UPLOAD, "complete_multipart"),
            entry(ABORT_MULTIPART_UPLOAD, "abort_multipart"),
            entry(LIST_PARTS, "list_multipart"),
            entry(LIST_MULTIPART_UPLOADS, "list_bucket_multiparts"),
            entry(LIST_OBJECTS, "list_bucket"),
            entry(LIST_OBJECTS_V2, "list_bucket"),
            entry(LIST_OBJECT_VERSIONS, "list_bucket"),
            entry(HEAD_BUCKET, "stat_bucket"),
            entry(GET_USAGE, "get_self_usage"),
            entry(GET_BUCKET_ACL, "get_acls"),
            entry(GET_OBJECT_ACL, "get_acls"),
            entry(PUT_BUCKET_ACL, "put_acls"),
            entry(PUT_OBJECT_ACL, "put_acls"),
            entry(GET_BUCKET_CORS, "get_cors"),
            entry(PUT_BUCKET_CORS, "put_cors"),
            entry(DELETE_BUCKET_CORS, "delete_cors"),
            entry(PREFLIGHT_SERVICE, "options_cors"),
            entry(PREFLIGHT_BUCKET, "options_cors"),
            entry(PREFLIGHT_OBJECT, "options_cors"),
            entry(GET_BUCKET_LIFECYCLE_CONFIGURATION, "get_lifecycle"),
            entry(PUT_BUCKET_LIFECYCLE_CONFIGURATION, "put_lifecycle"),
            entry(DELETE_BUCKET_LIFECYCLE, "delete_lifecycle"),
            entry(PUT_BUCKET_VERSIONING, "set_bucket_versioning"),
            entry(GET_BUCKET_REQUEST_PAYMENT, "get_request_payment"),
            entry(PUT_BUCKET_REQUEST_PAYMENT, "set_request_payment"),
            entry(PUT_BUCKET_WEBSITE, "set_bucket_website"),
            entry(GET_BUCKET_TAGGING, "get_bucket_tags"),
            entry(PUT_BUCKET_TAGGING, "put_bucket_tags"),
            entry(DELETE_BUCKET_TAGGING, "delete_bucket_tags"),
            entry(GET_OBJECT_TAGGING, "get_obj_tags"),
            entry(PUT_OBJECT_TAGGING, "put_obj_tags"),
            entry(DELETE_OBJECT_TAGGING, "delete_obj_tags"),
            entry(GET_OBJECT_RETENTION, "get_obj_retention"),
            entry(PUT_OBJECT_RETENTION, "put_obj_retention"),
            entry(GET_OBJECT_LEGAL_HOLD, "get_obj_legal_hold"),
            entry(PUT_OBJECT_LEGAL_HOLD, "put_obj_legal_hold"),
            entry(GET_OBJECT_LOCK_CONFIGURATION, "get_bucket_object_lock"),
            entry(PUT_OBJECT_LOCK_CONFIGURATION, "put_bucket_object_lock"),
            entry(RESTORE_OBJECT, "restore_obj"));

    private static final Map<S3Operation, String> NAMES = names();

    private UsageCategories() {}

    static String of(S3Operation operation) {
        return NAMES.get(operation);
    }

    private static Map<S3Operation, String> names() {
        Map<S3Operation, String> names = new EnumMap<>(S3Operation.class);
        for (S3Operation operation : S3Operation.all()) {
            names.put(operation, OTHERS.getOrDefault(operation, spelled(operation.amazonName())));
        }
        return names;
    }

    private static String spelled(String amazonName) {
        return amazonName.replaceAll("([a-z0-9])([A-Z])", "$1_$2").toLowerCase(Locale.ROOT);
    }
}
