package io.pataka.service.protocol;

import java.util.List;
import java.util.Set;

/**
 * Headers of a write that ask for something which is not there yet. They are refused and never passed over: who asks for
 * encryption or a retention period must not believe to have it.
 */
public final class UnsupportedHeaders {

    private static final List<String> PREFIXES =
            List.of("x-amz-server-side-encryption", "x-amz-object-lock-", "x-amz-grant-");
    private static final Set<String> CANNED_ACLS_OF_THE_OWNER = Set.of("", "private", "bucket-owner-full-control");

    private UnsupportedHeaders() {}

    /**
     * @throws S3Exception NotImplemented, or AccessControlListNotSupported for a canned ACL that lets others in
     */
    public static void refuseOnObject(RequestHeaders headers) {
        refuse(headers);
        if (headers.has("x-amz-write-offset-bytes")) {
            throw notImplemented("x-amz-write-offset-bytes");
        }
        if (opensToOthers(headers)) {
            throw new S3Exception(S3Error.ACCESS_CONTROL_LIST_NOT_SUPPORTED);
        }
    }

    /**
     * @throws S3Exception NotImplemented, or InvalidBucketAclWithObjectOwnership for a canned ACL that lets others in
     */
    public static void refuseOnBucket(RequestHeaders headers) {
        refuse(headers);
        String ownership = headers.first("x-amz-object-ownership").orElse("BucketOwnerEnforced");
        if (!ownership.equals("BucketOwnerEnforced")) {
            throw notImplemented("x-amz-object-ownership");
        }
        if (opensToOthers(headers)) {
            throw new S3Exception(S3Error.INVALID_BUCKET_ACL_WITH_OBJECT_OWNERSHIP);
        }
    }

    private static void refuse(RequestHeaders headers) {
        for (String name : headers.names()) {
            if (PREFIXES.stream().anyMatch(name::startsWith)) {
                throw notImplemented(name);
            }
        }
    }

    private static boolean opensToOthers(RequestHeaders headers) {
        return headers.first("x-amz-acl")
                .filter(acl -> !CANNED_ACLS_OF_THE_OWNER.contains(acl))
                .isPresent();
    }

    private static S3Exception notImplemented(String header) {
        return new S3Exception(S3Error.NOT_IMPLEMENTED).with("Header", header);
    }
}
