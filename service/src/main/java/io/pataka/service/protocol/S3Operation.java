package io.pataka.service.protocol;

import static io.pataka.service.protocol.AccessNeed.Permission.READ;
import static io.pataka.service.protocol.AccessNeed.Permission.READ_ACP;
import static io.pataka.service.protocol.AccessNeed.Permission.WRITE;
import static io.pataka.service.protocol.AccessNeed.Permission.WRITE_ACP;
import static io.pataka.service.protocol.AccessNeed.may;
import static io.pataka.service.protocol.Route.Resource.ACCOUNT_ACCESS_BLOCK;
import static io.pataka.service.protocol.Route.Resource.BUCKET;
import static io.pataka.service.protocol.Route.Resource.OBJECT;
import static io.pataka.service.protocol.Route.Resource.SERVICE;
import static io.pataka.service.protocol.Route.Resource.TOPICS;
import static io.pataka.service.protocol.Route.delete;
import static io.pataka.service.protocol.Route.get;
import static io.pataka.service.protocol.Route.head;
import static io.pataka.service.protocol.Route.options;
import static io.pataka.service.protocol.Route.post;
import static io.pataka.service.protocol.Route.put;

import java.util.List;
import java.util.Set;

/**
 * The table: every operation of Amazon's S3 service model (botocore, August 2026) and Ceph's additions, each with its route and
 * the permission that a caller needs. Routing, authorisation, metrics and the table in README.md use it. A row without a
 * handler answers 501.
 *
 * <p>Four operations that Amazon has renamed ({@code GetBucketLifecycle}, {@code PutBucketLifecycle}, {@code
 * GetBucketNotification}, {@code PutBucketNotification}) have the same routes as their successors and no rows of their own.
 */
public enum S3Operation {
    LIST_BUCKETS(
            "ListBuckets",
            get(SERVICE).accepts("max-buckets", "continuation-token", "prefix", "bucket-region"),
            may("s3:ListAllMyBuckets")),
    LIST_DIRECTORY_BUCKETS(
            "ListDirectoryBuckets",
            get(SERVICE).value("x-id", "ListDirectoryBuckets").accepts("continuation-token", "max-directory-buckets"),
            may("s3express:ListAllMyDirectoryBuckets")),
    WRITE_GET_OBJECT_RESPONSE(
            "WriteGetObjectResponse",
            post(SERVICE).header("x-amz-request-route").stream(),
            may("s3-object-lambda:WriteGetObjectResponse")),
    /** Ceph: usage of the caller's account. */
    GET_USAGE("GetUsage", get(SERVICE).word("usage").accepts("start-date", "end-date"), may("s3:GetUsage")),
    /** S3 Control, where it is called GetPublicAccessBlock. */
    GET_ACCOUNT_PUBLIC_ACCESS_BLOCK(
            "GetAccountPublicAccessBlock", get(ACCOUNT_ACCESS_BLOCK), may("s3:GetAccountPublicAccessBlock")),
    /** S3 Control, where it is called PutPublicAccessBlock. */
    PUT_ACCOUNT_PUBLIC_ACCESS_BLOCK(
            "PutAccountPublicAccessBlock",
            put(ACCOUNT_ACCESS_BLOCK),
            may("s3:PutAccountPublicAccessBlock").administrators()),
    /** S3 Control, where it is called DeletePublicAccessBlock. */
    DELETE_ACCOUNT_PUBLIC_ACCESS_BLOCK(
            "DeleteAccountPublicAccessBlock",
            delete(ACCOUNT_ACCESS_BLOCK),
            may("s3:PutAccountPublicAccessBlock").administrators()),
    /** Of Amazon's SNS, as Ceph has it. */
    CREATE_TOPIC(
            "CreateTopic",
            post(TOPICS).value(TopicRequest.ACTION, "CreateTopic"),
            may("sns:CreateTopic"),
            Trait.TOPIC_IN_BODY),
    /** Of Amazon's SNS, as Ceph has it. */
    DELETE_TOPIC(
            "DeleteTopic",
            post(TOPICS).value(TopicRequest.ACTION, "DeleteTopic"),
            may("sns:DeleteTopic"),
            Trait.TOPIC_IN_BODY),
    /** Ceph's own: the attributes of a topic in another form. */
    GET_TOPIC(
            "GetTopic",
            post(TOPICS).value(TopicRequest.ACTION, "GetTopic"),
            may("sns:GetTopicAttributes"),
            Trait.TOPIC_IN_BODY),
    /** Of Amazon's SNS, as Ceph has it. */
    GET_TOPIC_ATTRIBUTES(
            "GetTopicAttributes",
            post(TOPICS).value(TopicRequest.ACTION, "GetTopicAttributes"),
            may("sns:GetTopicAttributes"),
            Trait.TOPIC_IN_BODY),
    /** Of Amazon's SNS, as Ceph has it. */
    LIST_TOPICS("ListTopics", post(TOPICS).value(TopicRequest.ACTION, "ListTopics"), may("sns:ListTopics")),
    /** Of Amazon's SNS, as Ceph has it. */
    SET_TOPIC_ATTRIBUTES(
            "SetTopicAttributes",
            post(TOPICS).value(TopicRequest.ACTION, "SetTopicAttributes"),
            may("sns:SetTopicAttributes"),
            Trait.TOPIC_IN_BODY),
    CREATE_BUCKET("CreateBucket", put(BUCKET), may("s3:CreateBucket"), Trait.OF_OWN_ACCOUNT),
    CREATE_BUCKET_METADATA_CONFIGURATION(
            "CreateBucketMetadataConfiguration",
            post(BUCKET).word("metadataConfiguration"),
            may("s3:CreateBucketMetadataTableConfiguration")),
    CREATE_BUCKET_METADATA_TABLE_CONFIGURATION(
            "CreateBucketMetadataTableConfiguration",
            post(BUCKET).word("metadataTable"),
            may("s3:CreateBucketMetadataTableConfiguration")),
    CREATE_SESSION("CreateSession", get(BUCKET).word("session"), may("s3express:CreateSession")),
    DELETE_BUCKET("DeleteBucket", delete(BUCKET), may("s3:DeleteBucket")),
    DELETE_BUCKET_ANALYTICS_CONFIGURATION(
            "DeleteBucketAnalyticsConfiguration",
            delete(BUCKET).word("analytics").needs("id"),
            may("s3:PutAnalyticsConfiguration")),
    DELETE_BUCKET_CORS("DeleteBucketCors", delete(BUCKET).word("cors"), may("s3:PutBucketCORS")),
    DELETE_BUCKET_ENCRYPTION(
            "DeleteBucketEncryption", delete(BUCKET).word("encryption"), may("s3:PutEncryptionConfiguration")),
    DELETE_BUCKET_INTELLIGENT_TIERING_CONFIGURATION(
            "DeleteBucketIntelligentTieringConfiguration",
            delete(BUCKET).word("intelligent-tiering").needs("id"),
            may("s3:PutIntelligentTieringConfiguration")),
    DELETE_BUCKET_INVENTORY_CONFIGURATION(
            "DeleteBucketInventoryConfiguration",
            delete(BUCKET).word("inventory").needs("id"),
            may("s3:PutInventoryConfiguration")),
    DELETE_BUCKET_LIFECYCLE(
            "DeleteBucketLifecycle", delete(BUCKET).word("lifecycle"), may("s3:PutLifecycleConfiguration")),
    DELETE_BUCKET_METADATA_CONFIGURATION(
            "DeleteBucketMetadataConfiguration",
            delete(BUCKET).word("metadataConfiguration"),
            may("s3:DeleteBucketMetadataTableConfiguration")),
    DELETE_BUCKET_METADATA_TABLE_CONFIGURATION(
            "DeleteBucketMetadataTableConfiguration",
            delete(BUCKET).word("metadataTable"),
            may("s3:DeleteBucketMetadataTableConfiguration")),
    DELETE_BUCKET_METRICS_CONFIGURATION(
            "DeleteBucketMetricsConfiguration",
            delete(BUCKET).word("metrics").needs("id"),
            may("s3:PutMetricsConfiguration")),
    DELETE_BUCKET_OWNERSHIP_CONTROLS(
            "DeleteBucketOwnershipControls",
            delete(BUCKET).word("ownershipControls"),
            may("s3:PutBucketOwnershipControls")),
    DELETE_BUCKET_POLICY(
            "DeleteBucketPolicy", delete(BUCKET).word("policy"), may("s3:DeleteBucketPolicy"), Trait.MENDS_POLICY),
    DELETE_BUCKET_REPLICATION(
            "DeleteBucketReplication", delete(BUCKET).word("replication"), may("s3:PutReplicationConfiguration")),
    DELETE_BUCKET_TAGGING("DeleteBucketTagging", delete(BUCKET).word("tagging"), may("s3:PutBucketTagging")),
    DELETE_BUCKET_WEBSITE("DeleteBucketWebsite", delete(BUCKET).word("website"), may("s3:DeleteBucketWebsite")),
    DELETE_OBJECTS(
            "DeleteObjects",
            post(BUCKET).word("delete"),
            may("s3:DeleteObject").onVersion("s3:DeleteObjectVersion").bucketAcl(WRITE),
            Trait.KEYS_IN_BODY),
    DELETE_PUBLIC_ACCESS_BLOCK(
            "DeletePublicAccessBlock", delete(BUCKET).word("publicAccessBlock"), may("s3:PutBucketPublicAccessBlock")),
    GET_BUCKET_ABAC("GetBucketAbac", get(BUCKET).word("abac"), may("s3:GetBucketABAC")),
    GET_BUCKET_ACCELERATE_CONFIGURATION(
            "GetBucketAccelerateConfiguration", get(BUCKET).word("accelerate"), may("s3:GetAccelerateConfiguration")),
    GET_BUCKET_ACL(
            "GetBucketAcl", get(BUCKET).word("acl"), may("s3:GetBucketAcl").bucketAcl(READ_ACP)),
    GET_BUCKET_ANALYTICS_CONFIGURATION(
            "GetBucketAnalyticsConfiguration",
            get(BUCKET).word("analytics").needs("id"),
            may("s3:GetAnalyticsConfiguration")),
    GET_BUCKET_CORS("GetBucketCors", get(BUCKET).word("cors"), may("s3:GetBucketCORS")),
    GET_BUCKET_ENCRYPTION("GetBucketEncryption", get(BUCKET).word("encryption"), may("s3:GetEncryptionConfiguration")),
    GET_BUCKET_INTELLIGENT_TIERING_CONFIGURATION(
            "GetBucketIntelligentTieringConfiguration",
            get(BUCKET).word("intelligent-tiering").needs("id"),
            may("s3:GetIntelligentTieringConfiguration")),
    GET_BUCKET_INVENTORY_CONFIGURATION(
            "GetBucketInventoryConfiguration",
            get(BUCKET).word("inventory").needs("id"),
            may("s3:GetInventoryConfiguration")),
    GET_BUCKET_LIFECYCLE_CONFIGURATION(
            "GetBucketLifecycleConfiguration", get(BUCKET).word("lifecycle"), may("s3:GetLifecycleConfiguration")),
    GET_BUCKET_LOCATION("GetBucketLocation", get(BUCKET).word("location"), may("s3:GetBucketLocation")),
    GET_BUCKET_LOGGING("GetBucketLogging", get(BUCKET).word("logging"), may("s3:GetBucketLogging")),
    GET_BUCKET_METADATA_CONFIGURATION(
            "GetBucketMetadataConfiguration",
            get(BUCKET).word("metadataConfiguration"),
            may("s3:GetBucketMetadataTableConfiguration")),
    GET_BUCKET_METADATA_TABLE_CONFIGURATION(
            "GetBucketMetadataTableConfiguration",
            get(BUCKET).word("metadataTable"),
            may("s3:GetBucketMetadataTableConfiguration")),
    GET_BUCKET_METRICS_CONFIGURATION(
            "GetBucketMetricsConfiguration",
            get(BUCKET).word("metrics").needs("id"),
            may("s3:GetMetricsConfiguration")),
    GET_BUCKET_NOTIFICATION_CONFIGURATION(
            "GetBucketNotificationConfiguration", get(BUCKET).word("notification"), may("s3:GetBucketNotification")),
    GET_BUCKET_OWNERSHIP_CONTROLS(
            "GetBucketOwnershipControls", get(BUCKET).word("ownershipControls"), may("s3:GetBucketOwnershipControls")),
    GET_BUCKET_POLICY("GetBucketPolicy", get(BUCKET).word("policy"), may("s3:GetBucketPolicy"), Trait.MENDS_POLICY),
    GET_BUCKET_POLICY_STATUS(
            "GetBucketPolicyStatus", get(BUCKET).word("policyStatus"), may("s3:GetBucketPolicyStatus")),
    GET_BUCKET_REPLICATION(
            "GetBucketReplication", get(BUCKET).word("replication"), may("s3:GetReplicationConfiguration")),
    GET_BUCKET_REQUEST_PAYMENT(
            "GetBucketRequestPayment", get(BUCKET).word("requestPayment"), may("s3:GetBucketRequestPayment")),
    GET_BUCKET_TAGGING("GetBucketTagging", get(BUCKET).word("tagging"), may("s3:GetBucketTagging")),
    GET_BUCKET_VERSIONING("GetBucketVersioning", get(BUCKET).word("versioning"), may("s3:GetBucketVersioning")),
    GET_BUCKET_WEBSITE("GetBucketWebsite", get(BUCKET).word("website"), may("s3:GetBucketWebsite")),
    GET_OBJECT_LOCK_CONFIGURATION(
            "GetObjectLockConfiguration", get(BUCKET).word("object-lock"), may("s3:GetBucketObjectLockConfiguration")),
    GET_PUBLIC_ACCESS_BLOCK(
            "GetPublicAccessBlock", get(BUCKET).word("publicAccessBlock"), may("s3:GetBucketPublicAccessBlock")),
    HEAD_BUCKET(
            "HeadBucket",
            head(BUCKET).accepts("read-stats"),
            may("s3:ListBucket").bucketAcl(READ),
            Trait.REPORTS_REGION),
    LIST_BUCKET_ANALYTICS_CONFIGURATIONS(
            "ListBucketAnalyticsConfigurations",
            get(BUCKET).word("analytics").accepts("continuation-token"),
            may("s3:GetAnalyticsConfiguration")),
    LIST_BUCKET_INTELLIGENT_TIERING_CONFIGURATIONS(
            "ListBucketIntelligentTieringConfigurations",
            get(BUCKET).word("intelligent-tiering").accepts("continuation-token"),
            may("s3:GetIntelligentTieringConfiguration")),
    LIST_BUCKET_INVENTORY_CONFIGURATIONS(
            "ListBucketInventoryConfigurations",
            get(BUCKET).word("inventory").accepts("continuation-token"),
            may("s3:GetInventoryConfiguration")),
    LIST_BUCKET_METRICS_CONFIGURATIONS(
            "ListBucketMetricsConfigurations",
            get(BUCKET).word("metrics").accepts("continuation-token"),
            may("s3:GetMetricsConfiguration")),
    LIST_MULTIPART_UPLOADS(
            "ListMultipartUploads",
            get(BUCKET)
                    .word("uploads")
                    .accepts("delimiter", "encoding-type", "key-marker", "max-uploads", "prefix", "upload-id-marker"),
            may("s3:ListBucketMultipartUploads").bucketAcl(READ)),
    LIST_OBJECT_VERSIONS(
            "ListObjectVersions",
            get(BUCKET)
                    .word("versions")
                    .accepts("delimiter", "encoding-type", "key-marker", "max-keys", "prefix", "version-id-marker"),
            may("s3:ListBucketVersions").bucketAcl(READ)),
    LIST_OBJECTS(
            "ListObjects",
            get(BUCKET)
                    .accepts(
                            "delimiter",
                            "encoding-type",
                            "marker",
                            "max-keys",
                            "prefix",
                            "allow-unordered",
                            "start-after",
                            "continuation-token",
                            "fetch-owner",
                            "list-type"),
            may("s3:ListBucket").bucketAcl(READ),
            Trait.FREQUENT,
            Trait.REPORTS_REGION),
    LIST_OBJECTS_V2(
            "ListObjectsV2",
            get(BUCKET)
                    .value("list-type", "2")
                    .accepts(
                            "delimiter",
                            "encoding-type",
                            "max-keys",
                            "prefix",
                            "continuation-token",
                            "fetch-owner",
                            "start-after",
                            "allow-unordered",
                            "marker"),
            may("s3:ListBucket").bucketAcl(READ),
            Trait.FREQUENT,
            Trait.REPORTS_REGION),
    PUT_BUCKET_ABAC("PutBucketAbac", put(BUCKET).word("abac"), may("s3:PutBucketABAC")),
    PUT_BUCKET_ACCELERATE_CONFIGURATION(
            "PutBucketAccelerateConfiguration", put(BUCKET).word("accelerate"), may("s3:PutAccelerateConfiguration")),
    PUT_BUCKET_ACL(
            "PutBucketAcl", put(BUCKET).word("acl"), may("s3:PutBucketAcl").bucketAcl(WRITE_ACP)),
    PUT_BUCKET_ANALYTICS_CONFIGURATION(
            "PutBucketAnalyticsConfiguration",
            put(BUCKET).word("analytics").needs("id"),
            may("s3:PutAnalyticsConfiguration")),
    PUT_BUCKET_CORS("PutBucketCors", put(BUCKET).word("cors"), may("s3:PutBucketCORS")),
    PUT_BUCKET_ENCRYPTION("PutBucketEncryption", put(BUCKET).word("encryption"), may("s3:PutEncryptionConfiguration")),
    PUT_BUCKET_INTELLIGENT_TIERING_CONFIGURATION(
            "PutBucketIntelligentTieringConfiguration",
            put(BUCKET).word("intelligent-tiering").needs("id"),
            may("s3:PutIntelligentTieringConfiguration")),
    PUT_BUCKET_INVENTORY_CONFIGURATION(
            "PutBucketInventoryConfiguration",
            put(BUCKET).word("inventory").needs("id"),
            may("s3:PutInventoryConfiguration")),
    PUT_BUCKET_LIFECYCLE_CONFIGURATION(
            "PutBucketLifecycleConfiguration", put(BUCKET).word("lifecycle"), may("s3:PutLifecycleConfiguration")),
    PUT_BUCKET_LOGGING("PutBucketLogging", put(BUCKET).word("logging"), may("s3:PutBucketLogging")),
    PUT_BUCKET_METRICS_CONFIGURATION(
            "PutBucketMetricsConfiguration",
            put(BUCKET).word("metrics").needs("id"),
            may("s3:PutMetricsConfiguration")),
    PUT_BUCKET_NOTIFICATION_CONFIGURATION(
            "PutBucketNotificationConfiguration", put(BUCKET).word("notification"), may("s3:PutBucketNotification")),
    PUT_BUCKET_OWNERSHIP_CONTROLS(
            "PutBucketOwnershipControls", put(BUCKET).word("ownershipControls"), may("s3:PutBucketOwnershipControls")),
    PUT_BUCKET_POLICY("PutBucketPolicy", put(BUCKET).word("policy"), may("s3:PutBucketPolicy"), Trait.MENDS_POLICY),
    PUT_BUCKET_REPLICATION(
            "PutBucketReplication", put(BUCKET).word("replication"), may("s3:PutReplicationConfiguration")),
    PUT_BUCKET_REQUEST_PAYMENT(
            "PutBucketRequestPayment", put(BUCKET).word("requestPayment"), may("s3:PutBucketRequestPayment")),
    PUT_BUCKET_TAGGING("PutBucketTagging", put(BUCKET).word("tagging"), may("s3:PutBucketTagging")),
    PUT_BUCKET_VERSIONING("PutBucketVersioning", put(BUCKET).word("versioning"), may("s3:PutBucketVersioning")),
    PUT_BUCKET_WEBSITE("PutBucketWebsite", put(BUCKET).word("website"), may("s3:PutBucketWebsite")),
    PUT_OBJECT_LOCK_CONFIGURATION(
            "PutObjectLockConfiguration", put(BUCKET).word("object-lock"), may("s3:PutBucketObjectLockConfiguration")),
    PUT_PUBLIC_ACCESS_BLOCK(
            "PutPublicAccessBlock", put(BUCKET).word("publicAccessBlock"), may("s3:PutBucketPublicAccessBlock")),
    UPDATE_BUCKET_METADATA_ANNOTATION_TABLE_CONFIGURATION(
            "UpdateBucketMetadataAnnotationTableConfiguration",
            put(BUCKET).word("metadataAnnotationTable"),
            may("s3:UpdateBucketMetadataAnnotationTableConfiguration")),
    UPDATE_BUCKET_METADATA_INVENTORY_TABLE_CONFIGURATION(
            "UpdateBucketMetadataInventoryTableConfiguration",
            put(BUCKET).word("metadataInventoryTable"),
            may("s3:UpdateBucketMetadataInventoryTableConfiguration")),
    UPDATE_BUCKET_METADATA_JOURNAL_TABLE_CONFIGURATION(
            "UpdateBucketMetadataJournalTableConfiguration",
            put(BUCKET).word("metadataJournalTable"),
            may("s3:UpdateBucketMetadataJournalTableConfiguration")),
    /** A browser's form upload, recognised by its media type. */
    POST_OBJECT(
            "PostObject",
            post(BUCKET).stream(),
            may("s3:PutObject").bucketAcl(WRITE),
            Trait.FREQUENT,
            Trait.FORM,
            Trait.MAY_NAME_ENCRYPTION,
            Trait.MAY_NAME_LOCK,
            Trait.RECORDED),
    /** Ceph: flushes pending log records. */
    POST_BUCKET_LOGGING("PostBucketLogging", post(BUCKET).word("logging"), may("s3:PostBucketLogging")),
    /** Ceph: one or all notifications of a bucket. */
    DELETE_BUCKET_NOTIFICATION(
            "DeleteBucketNotification", delete(BUCKET).word("notification"), may("s3:PutBucketNotification")),
    /** A browser's question whether a page may list the buckets. */
    PREFLIGHT_SERVICE("PreflightService", options(SERVICE), may("s3:Preflight"), Trait.FREQUENT),
    PREFLIGHT_BUCKET("PreflightBucket", options(BUCKET), may("s3:Preflight"), Trait.FREQUENT),
    ABORT_MULTIPART_UPLOAD(
            "AbortMultipartUpload",
            delete(OBJECT).needs("uploadId"),
            may("s3:AbortMultipartUpload").bucketAcl(WRITE)),
    COMPLETE_MULTIPART_UPLOAD(
            "CompleteMultipartUpload",
            post(OBJECT).needs("uploadId"),
            may("s3:PutObject").bucketAcl(WRITE),
            Trait.SLOW,
            Trait.MAY_NAME_ENCRYPTION,
            Trait.RECORDED),
    COPY_OBJECT(
            "CopyObject",
            put(OBJECT).header("x-amz-copy-source"),
            may("s3:PutObject").bucketAcl(WRITE),
            Trait.FREQUENT,
            Trait.SLOW,
            Trait.MAY_NAME_ENCRYPTION,
            Trait.MAY_NAME_LOCK,
            Trait.RECORDED),
    CREATE_MULTIPART_UPLOAD(
            "CreateMultipartUpload",
            post(OBJECT).word("uploads"),
            may("s3:PutObject").bucketAcl(WRITE),
            Trait.FREQUENT,
            Trait.MAY_NAME_ENCRYPTION,
            Trait.MAY_NAME_LOCK),
    DELETE_OBJECT(
            "DeleteObject",
            delete(OBJECT).accepts("versionId"),
            may("s3:DeleteObject").onVersion("s3:DeleteObjectVersion").bucketAcl(WRITE),
            Trait.FREQUENT),
    DELETE_OBJECT_ANNOTATION(
            "DeleteObjectAnnotation",
            delete(OBJECT).word("annotation").needs("annotationName").accepts("versionId"),
            may("s3:DeleteObjectAnnotation")),
    DELETE_OBJECT_TAGGING(
            "DeleteObjectTagging",
            delete(OBJECT).word("tagging").accepts("versionId"),
            may("s3:DeleteObjectTagging").onVersion("s3:DeleteObjectVersionTagging"),
            Trait.RECORDED),
    GET_OBJECT(
            "GetObject",
            get(OBJECT)
                    .accepts(
                            "response-cache-control",
                            "response-content-disposition",
                            "response-content-encoding",
                            "response-content-language",
                            "response-content-type",
                            "response-expires",
                            "versionId",
                            "partNumber"),
            may("s3:GetObject").onVersion("s3:GetObjectVersion").acl(READ),
            Trait.FREQUENT,
            Trait.IGNORES_UNKNOWN_PARAMETERS),
    GET_OBJECT_ACL(
            "GetObjectAcl",
            get(OBJECT).word("acl").accepts("versionId"),
            may("s3:GetObjectAcl").onVersion("s3:GetObjectVersionAcl").acl(READ_ACP)),
    GET_OBJECT_ANNOTATION(
            "GetObjectAnnotation",
            get(OBJECT).word("annotation").needs("annotationName").accepts("versionId"),
            may("s3:GetObjectAnnotation")),
    GET_OBJECT_ATTRIBUTES(
            "GetObjectAttributes",
            get(OBJECT).word("attributes").accepts("versionId"),
            may("s3:GetObject").onVersion("s3:GetObjectVersion").acl(READ)),
    GET_OBJECT_LEGAL_HOLD(
            "GetObjectLegalHold", get(OBJECT).word("legal-hold").accepts("versionId"), may("s3:GetObjectLegalHold")),
    GET_OBJECT_RETENTION(
            "GetObjectRetention", get(OBJECT).word("retention").accepts("versionId"), may("s3:GetObjectRetention")),
    GET_OBJECT_TAGGING(
            "GetObjectTagging",
            get(OBJECT).word("tagging").accepts("versionId"),
            may("s3:GetObjectTagging").onVersion("s3:GetObjectVersionTagging")),
    GET_OBJECT_TORRENT(
            "GetObjectTorrent",
            get(OBJECT).word("torrent"),
            may("s3:GetObjectTorrent").acl(READ)),
    HEAD_OBJECT(
            "HeadObject",
            head(OBJECT)
                    .accepts(
                            "response-cache-control",
                            "response-content-disposition",
                            "response-content-encoding",
                            "response-content-language",
                            "response-content-type",
                            "response-expires",
                            "versionId",
                            "partNumber"),
            may("s3:GetObject").onVersion("s3:GetObjectVersion").acl(READ),
            Trait.FREQUENT,
            Trait.IGNORES_UNKNOWN_PARAMETERS),
    LIST_OBJECT_ANNOTATIONS(
            "ListObjectAnnotations",
            get(OBJECT)
                    .word("annotation")
                    .accepts("versionId", "max-annotation-results", "annotation-prefix", "continuation-token"),
            may("s3:ListObjectAnnotations")),
    LIST_PARTS(
            "ListParts",
            get(OBJECT).needs("uploadId").accepts("max-parts", "part-number-marker"),
            may("s3:ListMultipartUploadParts")),
    PUT_OBJECT(
            "PutObject",
            put(OBJECT).stream(),
            may("s3:PutObject").bucketAcl(WRITE),
            Trait.FREQUENT,
            Trait.MAY_NAME_ENCRYPTION,
            Trait.MAY_NAME_LOCK,
            Trait.RECORDED),
    PUT_OBJECT_ACL(
            "PutObjectAcl",
            put(OBJECT).word("acl").accepts("versionId"),
            may("s3:PutObjectAcl").onVersion("s3:PutObjectVersionAcl").acl(WRITE_ACP),
            Trait.RECORDED),
    PUT_OBJECT_ANNOTATION(
            "PutObjectAnnotation",
            put(OBJECT).word("annotation").needs("annotationName").accepts("versionId").stream(),
            may("s3:PutObjectAnnotation")),
    PUT_OBJECT_LEGAL_HOLD(
            "PutObjectLegalHold",
            put(OBJECT).word("legal-hold").accepts("versionId"),
            may("s3:PutObjectLegalHold"),
            Trait.LOCK_IN_BODY,
            Trait.RECORDED),
    PUT_OBJECT_RETENTION(
            "PutObjectRetention",
            put(OBJECT).word("retention").accepts("versionId"),
            may("s3:PutObjectRetention"),
            Trait.LOCK_IN_BODY,
            Trait.RECORDED),
    PUT_OBJECT_TAGGING(
            "PutObjectTagging",
            put(OBJECT).word("tagging").accepts("versionId"),
            may("s3:PutObjectTagging").onVersion("s3:PutObjectVersionTagging"),
            Trait.TAGS_IN_BODY,
            Trait.RECORDED),
    RENAME_OBJECT(
            "RenameObject",
            put(OBJECT).word("renameObject").header("x-amz-rename-source"),
            may("s3:PutObject").bucketAcl(WRITE),
            Trait.RECORDED),
    RESTORE_OBJECT("RestoreObject", post(OBJECT).word("restore").accepts("versionId"), may("s3:RestoreObject")),
    SELECT_OBJECT_CONTENT(
            "SelectObjectContent",
            post(OBJECT).word("select").value("select-type", "2"),
            may("s3:GetObject").acl(READ)),
    UPDATE_OBJECT_ENCRYPTION(
            "UpdateObjectEncryption",
            put(OBJECT).word("encryption").accepts("versionId"),
            may("s3:UpdateObjectEncryption")),
    UPLOAD_PART(
            "UploadPart",
            put(OBJECT).needs("partNumber", "uploadId").stream(),
            may("s3:PutObject").bucketAcl(WRITE),
            Trait.FREQUENT,
            Trait.MAY_NAME_ENCRYPTION),
    UPLOAD_PART_COPY(
            "UploadPartCopy",
            put(OBJECT).needs("partNumber", "uploadId").header("x-amz-copy-source"),
            may("s3:PutObject").bucketAcl(WRITE),
            Trait.FREQUENT,
            Trait.SLOW,
            Trait.MAY_NAME_ENCRYPTION),
    /** Ceph: append to an object, or begin an appendable one. */
    APPEND_OBJECT(
            "AppendObject",
            put(OBJECT).word("append").needs("position").stream(),
            may("s3:PutObject").bucketAcl(WRITE),
            Trait.MAY_NAME_ENCRYPTION,
            Trait.RECORDED),
    PREFLIGHT_OBJECT("PreflightObject", options(OBJECT), may("s3:Preflight"), Trait.FREQUENT);

    private final String amazonName;
    private final Route route;
    private final AccessNeed access;
    private final Set<Trait> traits;

    S3Operation(String amazonName, Route route, AccessNeed access, Trait... traits) {
        this.amazonName = amazonName;
        this.route = route;
        this.access = access;
        this.traits = Set.of(traits);
    }

    /** In what an operation differs from most others. No code compares an operation with a row to find out. */
    public enum Trait {
        /** The caller does it to its own account, as all operations without a bucket; the bucket of the path need not exist. */
        OF_OWN_ACCOUNT,

        /** The body names the objects, and each is authorised by itself. */
        KEYS_IN_BODY,

        /** The body has tags, about which a policy may ask. */
        TAGS_IN_BODY,

        /** The body has a lock, about which a policy may ask. */
        LOCK_IN_BODY,

        /** The parameters name a topic, whose owner and policy decide. */
        TOPIC_IN_BODY,

        /** The body is a browser's form, which also says who sent it. */
        FORM,

        /** Authorised by what the node remembers of the bucket, so that it costs no statement. */
        FREQUENT,

        /** May take longer than a client waits: spaces are sent meanwhile, and clients look for an error in a reply with status 200. */
        SLOW,

        /** An administrator of the bucket's owner may do it whatever the policy says, so that a bad policy can be corrected. */
        MENDS_POLICY,

        /** Ignores query parameters that S3 does not have, as Amazon does: web pages add their own to avoid caches. */
        IGNORES_UNKNOWN_PARAMETERS,

        /** Responses and errors have the bucket's region, by which SDKs find it. */
        REPORTS_REGION,

        /**
         * May have the header {@code x-amz-server-side-encryption}. Amazon refuses it with parts and with the end of an upload, where
         * ceph/s3-tests send it and want it to be ignored.
         */
        MAY_NAME_ENCRYPTION,

        /** May have the headers that lock the version which the operation makes. */
        MAY_NAME_LOCK,

        /** Changes an object, and is refused if the journal of the bucket cannot record the change. */
        RECORDED
    }

    public boolean is(Trait trait) {
        return traits.contains(trait);
    }

    /** Whether the caller does it to its own account, and not to a bucket. */
    public boolean isOfOwnAccount() {
        boolean namesBucket = route.resource() == Route.Resource.BUCKET || route.resource() == Route.Resource.OBJECT;
        return !namesBucket || is(Trait.OF_OWN_ACCOUNT);
    }

    /** Whether it is about topics: its parameters are a form, and its errors are those of SNS. */
    public boolean isOfTopics() {
        return route.resource() == TOPICS;
    }

    /** Amazon's name: {@code GetObjectAcl}. */
    public String amazonName() {
        return amazonName;
    }

    /** The name in access logs: {@code REST.GET.ACL}. */
    public String logName() {
        return LogNames.of(this);
    }

    /** The name in Ceph's accounts of usage: {@code get_acls}. */
    public String usageCategory() {
        return UsageCategories.of(this);
    }

    public Route route() {
        return route;
    }

    public AccessNeed access() {
        return access;
    }

    /** A browser's question about a request that a page wants to send; never signed. */
    public boolean isPreflight() {
        return route.method().equals("OPTIONS");
    }

    /** All rows, in the table's order. */
    public static List<S3Operation> all() {
        return List.of(values());
    }
}
