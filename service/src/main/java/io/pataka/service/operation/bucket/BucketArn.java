package io.pataka.service.operation.bucket;

import io.pataka.service.model.BucketName;

/** The Amazon resource name of a bucket, which Amazon's responses have since 2025. */
final class BucketArn {

    static final String HEADER = "x-amz-bucket-arn";

    private BucketArn() {}

    static String of(BucketName name) {
        return "arn:aws:s3:::" + name.text();
    }
}
