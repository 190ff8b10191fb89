package io.pataka.service.operation.payment;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.pataka.service.testing.Guest;
import io.pataka.service.testing.S3Connection;
import io.pataka.service.testing.S3Connection.Body;
import io.pataka.service.testing.S3Connection.Reply;
import io.pataka.service.testing.S3Server;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which requests the requester pays for, and the header {@code x-amz-expected-bucket-owner}. */
class RequestPaymentIT {

    private static final String CHARGED = "x-amz-request-charged";
    private static final String EXPECTED = "x-amz-expected-bucket-owner";
    private static final String SOURCE_EXPECTED = "x-amz-source-expected-bucket-owner";
    private static final Map<String, String> PAYING = Map.of("x-amz-request-payer", "requester");

    /** The account of the test bed's own key. */
    private static final String OWNER_ID = "development";

    @RegisterExtension
    static final S3Server SERVER = S3Server.own("objectOwnership: ObjectWriter");

    private final S3Connection owner;
    private final S3Connection guest;

    RequestPaymentIT(S3Connection owner, @Guest S3Connection guest) {
        this.owner = owner;
        this.guest = guest;
    }

    @BeforeAll
    static void makeBuckets(S3Connection owner) throws IOException {
        for (String bucket : new String[] {"paid", "free"}) {
            assertThat(owner.call("PUT", "/" + bucket, Map.of("x-amz-acl", "public-read-write"), Body.NONE)
                            .status())
                    .isEqualTo(200);
            assertThat(owner.call(
                                    "PUT",
                                    "/" + bucket + "/key",
                                    Map.of("x-amz-acl", "public-read"),
                                    Body.of("content".getBytes(UTF_8)))
                            .status())
                    .isEqualTo(200);
        }
        assertThat(payer(owner, "paid", "Requester").status()).isEqualTo(200);
    }

    private static Reply payer(S3Connection by, String bucket, String payer) throws IOException {
        String document = "<RequestPaymentConfiguration xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Payer>"
                + payer + "</Payer></RequestPaymentConfiguration>";
        return by.call("PUT", "/" + bucket + "?requestPayment=", Map.of(), Body.of(document.getBytes(UTF_8)));
    }

    private static Map<String, String> with(Map<String, String> headers, String name, String value) {
        Map<String, String> more = new TreeMap<>(headers);
        more.put(name, value);
        return more;
    }

    @Test
    void theOwnerPaysByDefault() throws Exception {
        owner.call("PUT", "/mine");
        assertThat(owner.call("GET", "/mine?requestPayment=").text()).contains("<Payer>BucketOwner</Payer>");

        payer(owner, "mine", "Requester");
        assertThat(owner.call("GET", "/mine?requestPayment=").text()).contains("<Payer>Requester</Payer>");
        payer(owner, "mine", "BucketOwner");
        assertThat(owner.call("GET", "/mine?requestPayment=").text()).contains("<Payer>BucketOwner</Payer>");

        assertThat(payer(owner, "mine", "Other").text()).contains("<Code>MalformedXML</Code>");
        assertThat(payer(guest, "mine", "BucketOwner").status()).isEqualTo(403);
    }

    @ParameterizedTest
    @CsvSource({"GET, /paid/key, 200", "HEAD, /paid/key, 200", "GET, /paid?list-type=2, 200", "GET, /paid/none, 404"})
    void aRequesterWithThePayerHeaderIsServedAndCharged(String method, String target, int status) throws Exception {
        Reply refused = guest.call(method, target);
        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.header(CHARGED)).isEmpty();

        Reply paid = guest.call(method, target, PAYING, Body.NONE);
        assertThat(paid.status()).isEqualTo(status);
        assertThat(paid.header(CHARGED)).contains("requester");
    }

    @Test
    void theOwnerIsNotCharged() throws Exception {
        Reply own = owner.call("GET", "/paid/key", PAYING, Body.NONE);
        assertThat(own.status()).isEqualTo(200);
        assertThat(own.header(CHARGED)).isEmpty();
        assertThat(guest.call("GET", "/free/key", PAYING, Body.NONE).header(CHARGED))
                .isEmpty();
    }

    @Test
    void anAnonymousCallerCannotPay() throws Exception {
        for (String bucket : new String[] {"paid", "free"}) {
            HttpURLConnection anonymous = (HttpURLConnection) URI.create(SERVER.endpoint() + "/" + bucket + "/key")
                    .toURL()
                    .openConnection();
            anonymous.setRequestProperty("x-amz-request-payer", "requester");
            assertThat(anonymous.getResponseCode()).isEqualTo(bucket.equals("paid") ? 403 : 200);
        }
    }

    @Test
    void readingACopysSourceIsPaidForToo() throws Exception {
        guest.call("PUT", "/copies");
        Map<String, String> copy = Map.of("x-amz-copy-source", "/paid/key");

        assertThat(guest.call("PUT", "/copies/key", copy, Body.NONE).status()).isEqualTo(403);
        Reply paid = guest.call("PUT", "/copies/key", with(copy, "x-amz-request-payer", "requester"), Body.NONE);
        assertThat(paid.status()).isEqualTo(200);
        assertThat(paid.header(CHARGED)).contains("requester");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /free",
                "HEAD /free",
                "DELETE /free",
                "GET /free?acl=",
                "GET /free?cors=",
                "DELETE /free?cors=",
                "GET /free?requestPayment=",
                "GET /free?versioning=",
                "GET /free?uploads=",
                "GET /free?versions=",
                "GET /free/key",
                "HEAD /free/key",
                "PUT /free/new",
                "DELETE /free/key",
                "GET /free/key?tagging=",
                "POST /free/new?uploads=",
                "POST /free?delete=",
                "GET /free/key?acl="
            })
    void everyOperationRefusesABucketOfAnotherOwnerThanExpected(String request) throws Exception {
        String method = request.split(" ", -1)[0];
        String target = request.split(" ", -1)[1];

        Reply refused = owner.call(method, target, Map.of(EXPECTED, "elsewhere"), Body.of(new byte[0]));

        assertThat(refused.status()).isEqualTo(403);
        if (!method.equals("HEAD")) {
            assertThat(refused.text()).contains("<Code>AccessDenied</Code>");
        }
    }

    @Test
    void theExpectedOwnerIsServed() throws Exception {
        assertThat(owner.call("GET", "/free/key", Map.of(EXPECTED, OWNER_ID), Body.NONE)
                        .text())
                .isEqualTo("content");
        assertThat(guest.call("GET", "/free/key", Map.of(EXPECTED, OWNER_ID), Body.NONE)
                        .text())
                .isEqualTo("content");
    }

    @Test
    void aCopyMayExpectTheOwnersOfBothBuckets() throws Exception {
        Map<String, String> copy =
                with(with(Map.of("x-amz-copy-source", "free/key"), EXPECTED, OWNER_ID), SOURCE_EXPECTED, OWNER_ID);

        assertThat(owner.call("PUT", "/free/copy", copy, Body.NONE).status()).isEqualTo(200);
        assertThat(owner.call("PUT", "/free/copy", with(copy, SOURCE_EXPECTED, "elsewhere"), Body.NONE)
                        .status())
                .isEqualTo(403);
        assertThat(owner.call("PUT", "/free/copy", with(copy, EXPECTED, "elsewhere"), Body.NONE)
                        .status())
                .isEqualTo(403);
    }

    @Test
    void aCopiedPartMayExpectTheOwnerOfItsSource() throws Exception {
        String upload = owner.call("POST", "/free/parts?uploads=").text();
        String id = upload.substring(upload.indexOf("<UploadId>") + 10, upload.indexOf("</UploadId>"));
        String target = "/free/parts?partNumber=1&uploadId=" + id;
        Map<String, String> copy = Map.of("x-amz-copy-source", "free/key");

        assertThat(owner.call("PUT", target, with(copy, SOURCE_EXPECTED, "elsewhere"), Body.NONE)
                        .status())
                .isEqualTo(403);
        assertThat(owner.call("PUT", target, with(copy, SOURCE_EXPECTED, OWNER_ID), Body.NONE)
                        .status())
                .isEqualTo(200);
        assertThat(owner.call("DELETE", "/free/parts?uploadId=" + id).status()).isEqualTo(204);
    }
}
