package io.pataka.service.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LogNamesTest {

    @ParameterizedTest
    @CsvSource({
        "LIST_OBJECTS, REST.GET.BUCKET",
        "LIST_OBJECTS_V2, REST.GET.BUCKET",
        "LIST_OBJECT_VERSIONS, REST.GET.BUCKETVERSIONS",
        "HEAD_BUCKET, REST.HEAD.BUCKET",
        "GET_BUCKET_LOGGING, REST.GET.LOGGING_STATUS",
        "GET_BUCKET_POLICY, REST.GET.BUCKETPOLICY",
        "GET_BUCKET_POLICY_STATUS, REST.GET.POLICY_STATUS",
        "PUT_PUBLIC_ACCESS_BLOCK, REST.PUT.PUBLIC_ACCESS_BLOCK",
        "GET_BUCKET_VERSIONING, REST.GET.VERSIONING",
        "GET_BUCKET_TAGGING, REST.GET.TAGGING",
        "PUT_OBJECT, REST.PUT.OBJECT",
        "GET_OBJECT, REST.GET.OBJECT",
        "HEAD_OBJECT, REST.HEAD.OBJECT",
        "DELETE_OBJECT, REST.DELETE.OBJECT",
        "DELETE_OBJECTS, REST.POST.MULTI_OBJECT_DELETE",
        "POST_OBJECT, REST.POST.BUCKET",
        "COPY_OBJECT, REST.COPY.OBJECT",
        "CREATE_MULTIPART_UPLOAD, REST.POST.UPLOADS",
        "COMPLETE_MULTIPART_UPLOAD, REST.POST.UPLOAD",
        "ABORT_MULTIPART_UPLOAD, REST.DELETE.UPLOAD",
        "UPLOAD_PART, REST.PUT.PART",
        "UPLOAD_PART_COPY, REST.COPY.PART",
        "LIST_PARTS, REST.GET.UPLOAD",
        "LIST_MULTIPART_UPLOADS, REST.GET.UPLOADS",
        "PUT_OBJECT_ACL, REST.PUT.ACL",
        "PUT_OBJECT_LEGAL_HOLD, REST.PUT.LEGAL_HOLD",
        "PUT_OBJECT_RETENTION, REST.PUT.RETENTION",
        "PUT_OBJECT_TAGGING, REST.PUT.OBJECT_TAGGING",
        "DELETE_OBJECT_TAGGING, REST.DELETE.OBJECT_TAGGING",
        "PREFLIGHT_OBJECT, REST.OPTIONS.PREFLIGHT"
    })
    void areAmazons(S3Operation operation, String name) {
        assertThat(operation.logName()).isEqualTo(name);
    }

    @Test
    void haveThreePartsInCapitals() {
        assertThat(S3Operation.all())
                .allSatisfy(operation -> assertThat(operation.logName())
                        .matches("REST\\.(GET|HEAD|PUT|POST|DELETE|OPTIONS|COPY)\\.[A-Z_]+"));
    }
}
