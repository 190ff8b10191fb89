package io.pataka.service.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AccessLogTest {

    @ParameterizedTest
    @CsvSource({
        "'', ''",
        "acl, ?acl",
        "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Signature=abcd, ?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Signature=***",
        "AWSAccessKeyId=AK&Signature=ab%3D&Expires=1, ?AWSAccessKeyId=AK&Signature=***&Expires=1",
        "x-amz-security-token=t&list-type=2, ?x-amz-security-token=***&list-type=2",
        "x-amz-server-side-encryption-customer-key=abc%3D&acl, ?x-amz-server-side-encryption-customer-key=***&acl",
        "X-Amz-%53ignature=abcd&a%=b, ?X-Amz-%53ignature=***&a%=b",
        "signature, ?signature"
    })
    void masksSignaturesAndTokens(String query, String logged) {
        assertThat(AccessLog.masked(query)).isEqualTo(logged);
    }
}
