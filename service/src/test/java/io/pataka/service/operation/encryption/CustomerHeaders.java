package io.pataka.service.operation.encryption;

import io.pataka.service.operation.TestPipeline.Call;
import java.util.Map;

/**
 * The headers of a customer's key. The keys are those of ceph/s3-tests.
 *
 * @param key in Base64
 * @param md5 in Base64
 */
public record CustomerHeaders(String key, String md5) {

    public static final CustomerHeaders FIRST =
            new CustomerHeaders("pO3upElrwuEXSoFwCfnZPdSsmt/xWeFa0N9KgDijwVs=", "DWygnHRtgiJ77HCm+1rvHw==");

    public static final CustomerHeaders SECOND =
            new CustomerHeaders("6b+WOZ1T3cqZMxgThRcXAQBrS5mXKdDUphvpxptl9/4=", "arxBvwY2V4SiOne6yppVPQ==");

    private static final String PREFIX = "x-amz-server-side-encryption-customer-";

    /** In lower case. */
    public Map<String, String> headers() {
        return Map.of(PREFIX + "algorithm", "AES256", PREFIX + "key", key, PREFIX + "key-md5", md5);
    }

    /** Adds the headers to a call. */
    public Call on(Call call) {
        headers().forEach(call::header);
        return call;
    }
}
