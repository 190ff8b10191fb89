package io.pataka.service.model;

import java.util.Objects;
import java.util.regex.Pattern;

/**
 * A kind of configuration document. A bucket or an account has at most one document of a kind.
 *
 * @param name under which documents of the kind are stored; 1 to 32 lower-case letters and hyphens
 * @param changesVersions whether a document of the kind changes how versions are written or removed, or what is recorded of it. A change
 *     of such a document raises the bucket's epoch, so that no write is published that was prepared under the former document
 */
public record DocumentKind(String name, boolean changesVersions) {

    // Before the constants, whose names it checks.
    private static final Pattern NAME = Pattern.compile("[a-z][a-z-]{0,31}");

    /** The access control list of a bucket. */
    public static final DocumentKind ACL = ofAccess("acl");

    /** Whose the objects of a bucket are, and whether ACLs count. */
    public static final DocumentKind OWNERSHIP = ofAccess("ownership");

    public static final DocumentKind POLICY = ofAccess("policy");

    /** What a bucket, or an account in all its buckets, keeps from the public. */
    public static final DocumentKind PUBLIC_ACCESS_BLOCK = ofAccess("public-access-block");

    /** Who pays for requests. */
    public static final DocumentKind REQUEST_PAYMENT = ofAccess("request-payment");

    public static final DocumentKind CORS = ofAccess("cors");

    public static final DocumentKind TAGGING = ofAccess("tagging");

    /** How new objects are encrypted. An object whose write began before a change is stored as the former document says. */
    public static final DocumentKind ENCRYPTION = new DocumentKind("encryption", false);

    /** What becomes of objects as they grow old. */
    public static final DocumentKind LIFECYCLE = new DocumentKind("lifecycle", false);

    /** Which changes of objects are announced, and where. */
    public static final DocumentKind NOTIFICATION = new DocumentKind("notification", true);

    /** Where the log of a bucket is written. */
    public static final DocumentKind LOGGING = new DocumentKind("logging", true);

    /** The inventories that a bucket has written of itself. */
    public static final DocumentKind INVENTORY = ofAccess("inventory");

    /** The website of a bucket. */
    public static final DocumentKind WEBSITE = ofAccess("website");

    /** The quota of a bucket, or of all buckets of an account together. Only operators set it. */
    public static final DocumentKind QUOTA = ofAccess("quota");

    /** The quota of each bucket of an account that has none of its own. Only operators set it. */
    public static final DocumentKind BUCKET_QUOTA = ofAccess("bucket-quota");

    public DocumentKind {
        if (!NAME.matcher(Objects.requireNonNull(name)).matches()) {
            throw new IllegalArgumentException("not a name of a kind of documents: " + name);
        }
    }

    /** A kind that says something of requests, and nothing of how versions are stored. */
    private static DocumentKind ofAccess(String name) {
        return new DocumentKind(name, false);
    }
}
