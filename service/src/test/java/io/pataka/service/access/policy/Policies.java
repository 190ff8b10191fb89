package io.pataka.service.access.policy;

import io.pataka.service.model.BucketName;

/** Policies for tests, in which apostrophes stand for quotation marks. */
final class Policies {

    static final BucketName BUCKET = new BucketName("bucket");

    private Policies() {}

    static BucketPolicy policy(String statements) {
        return parse("{'Version':'2012-10-17','Statement':[" + statements + "]}");
    }

    static BucketPolicy parse(String json) {
        try {
            return BucketPolicy.parse(quoted(json), BUCKET);
        } catch (MalformedPolicyException malformed) {
            throw new AssertionError(malformed.getMessage() + " (" + malformed.fault() + ") in " + json, malformed);
        }
    }

    static String quoted(String json) {
        return json.replace('\'', '"');
    }

    /** A statement that lets everyone read every object, under a condition. */
    static BucketPolicy readableIf(String condition) {
        return policy("{'Effect':'Allow','Principal':'*','Action':'s3:*','Resource':'arn:aws:s3:::bucket/*',"
                + "'Condition':" + condition + "}");
    }
}
