package io.pataka.service.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.pataka.service.model.CustomerKey;
import io.pataka.service.model.EncryptionChoice;
import io.pataka.service.model.EncryptionMode;
import io.pataka.service.model.Envelope;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.commons.codec.digest.DigestUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EncryptionHeadersTest {

    private static final String SSE = "x-amz-server-side-encryption";
    private static final String KEY_ID = SSE + "-aws-kms-key-id";
    private static final String CONTEXT = SSE + "-context";
    private static final String BUCKET_KEY = SSE + "-bucket-key-enabled";
    private static final String CUSTOMER = SSE + "-customer-";
    private static final String SOURCE = "x-amz-copy-source-server-side-encryption-customer-";

    private static final Optional<EncryptionChoice> NOTHING = Optional.empty();

    /** The key of ceph/s3-tests. */
    private static final String KEY = "pO3upElrwuEXSoFwCfnZPdSsmt/xWeFa0N9KgDijwVs=";

    private static final String MD5 = "DWygnHRtgiJ77HCm+1rvHw==";

    private static Map<String, String> customer(String prefix) {
        return new TreeMap<>(Map.of(prefix + "algorithm", "AES256", prefix + "key", KEY, prefix + "key-MD5", MD5));
    }

    private static Optional<EncryptionChoice> choice(Map<String, String> headers, Optional<EncryptionChoice> standard) {
        return EncryptionHeaders.choice(RequestHeaders.of(headers), standard);
    }

    private static S3Exception refused(Map<String, String> headers) {
        return catchThrowableOfType(S3Exception.class, () -> choice(headers, NOTHING));
    }

    private static Optional<EncryptionChoice> kms(String keyId, String context, boolean bucketKey) {
        return Optional.of(new EncryptionChoice.Kms(keyId, Optional.ofNullable(context), bucketKey));
    }

    @Test
    void aRequestWithoutTheHeadersHasTheStandard() {
        assertThat(choice(Map.of(), NOTHING)).isEmpty();
        assertThat(choice(Map.of(), Optional.of(new EncryptionChoice.S3()))).contains(new EncryptionChoice.S3());
        assertThat(choice(Map.of(), kms("k", null, true))).isEqualTo(kms("k", null, true));
    }

    @Test
    void theRequestCountsBeforeTheStandard() {
        assertThat(choice(Map.of(SSE, "AES256"), kms("k", null, false))).contains(new EncryptionChoice.S3());
        assertThat(choice(customer(CUSTOMER), kms("k", null, false)))
                .contains(new EncryptionChoice.Customer(
                        new CustomerKey(Base64.getDecoder().decode(KEY))));
        assertThat(choice(Map.of(SSE, "aws:kms", KEY_ID, "mine"), kms("k", null, true)))
                .isEqualTo(kms("mine", null, true));
    }

    /** Amazon takes the use of bucket keys from the bucket, too, unless the request names it. */
    @Test
    void aRequestForKmsTakesTheKeyOfTheStandard() {
        assertThat(choice(Map.of(SSE, "aws:kms"), kms("k", null, true))).isEqualTo(kms("k", null, true));
        assertThat(choice(Map.of(SSE, "aws:kms", KEY_ID, "", BUCKET_KEY, "false"), kms("k", null, true)))
                .isEqualTo(kms("k", null, false));
        assertThat(choice(Map.of(BUCKET_KEY, "true"), kms("k", null, false))).isEqualTo(kms("k", null, true));
        assertThat(choice(Map.of(BUCKET_KEY, "true"), NOTHING)).isEmpty();
    }

    @Test
    void takesTheContextOfKms() {
        String context = Base64.getEncoder().encodeToString("{\"department\":\"Führung\"}".getBytes(UTF_8));
        assertThat(choice(Map.of(SSE, "aws:kms", KEY_ID, "k", CONTEXT, context), NOTHING))
                .isEqualTo(kms("k", context, false));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "no Base64!",
                "e30=\n",
                "Zm9v", // foo
                "WzFd", // [1]
                "eyJhIjoxfQ==", // {"a":1}
                "eyJhIjoieCJ9IHt9", // {"a":"x"} {}
                "eyJhIjoieCIsImEiOiJ5In0=", // {"a":"x","a":"y"}
                "eyJhIjoi/yJ9" // not UTF-8
            })
    void refusesAContextThatIsNoMapOfTexts(String context) {
        S3Exception refused = refused(Map.of(SSE, "aws:kms", KEY_ID, "k", CONTEXT, context));
        assertThat(refused.error()).isEqualTo(S3Error.INVALID_ARGUMENT);
        assertThat(refused).hasMessageStartingWith("The header '" + CONTEXT + "' shall be Base64-encoded UTF-8 string");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "aes:kms", "AES512", "aes256", "aws:fsx", "aws:backup"})
    void refusesOtherModes(String mode) {
        S3Exception refused = refused(Map.of(SSE, mode));
        assertThat(refused.error()).isEqualTo(S3Error.INVALID_ARGUMENT);
        assertThat(refused).hasMessage("The encryption method specified is not supported");
        assertThat(refused.details()).containsEntry("ArgumentName", SSE).containsEntry("ArgumentValue", mode);
    }

    @Test
    void twoLayersOfEncryptionAreNotImplemented() {
        assertThat(refused(Map.of(SSE, "aws:kms:dsse", KEY_ID, "k")).error()).isEqualTo(S3Error.NOT_IMPLEMENTED);
    }

    /** Answers return it, and their headers have a limit. */
    @Test
    void refusesAContextThatIsTooLong() {
        String longest = context(6133);
        assertThat(longest).hasSize(8192);
        assertThat(choice(Map.of(SSE, "aws:kms", KEY_ID, "k", CONTEXT, longest), NOTHING))
                .isEqualTo(kms("k", longest, false));

        S3Exception refused = refused(Map.of(SSE, "aws:kms", KEY_ID, "k", CONTEXT, context(6134)));
        assertThat(refused.error()).isEqualTo(S3Error.INVALID_ARGUMENT);
        assertThat(refused).hasMessage("The header '" + CONTEXT + "' shall have at most 8192 characters");
        assertThat(refused.details()).containsOnly(Map.entry("ArgumentName", CONTEXT));
    }

    private static String context(int length) {
        return Base64.getEncoder().encodeToString(("{\"name\":\"" + "x".repeat(length) + "\"}").getBytes(UTF_8));
    }

    @ParameterizedTest
    @CsvSource({"aws-kms-key-id, k", "context, e30="})
    void whatIsOfKmsNeedsItsMode(String header, String value) {
        String message =
                "Server Side Encryption with AWS KMS managed key requires HTTP header x-amz-server-side-encryption : aws:kms";
        assertThat(refused(Map.of(SSE + "-" + header, value))).hasMessage(message);
        assertThat(refused(Map.of(SSE, "AES256", SSE + "-" + header, value))).hasMessage(message);
        Map<String, String> customers = customer(CUSTOMER);
        customers.put(SSE + "-" + header, value);
        assertThat(refused(customers)).hasMessage(message);
        assertThat(refused(Map.of(SSE + "-" + header, value)).error()).isEqualTo(S3Error.INVALID_ARGUMENT);
    }

    @Test
    void kmsNeedsAKey() {
        S3Exception refused = refused(Map.of(SSE, "aws:kms"));
        assertThat(refused.error()).isEqualTo(S3Error.INVALID_ARGUMENT);
        assertThat(refused)
                .hasMessage("Server Side Encryption with KMS managed key requires HTTP header"
                        + " x-amz-server-side-encryption-aws-kms-key-id");
        assertThat(catchThrowableOfType(S3Exception.class, () -> choice(Map.of(), kms("", null, false)))
                        .error())
                .isEqualTo(S3Error.INVALID_ARGUMENT);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\r\nx: y", "a b", "\u00e4"})
    void refusesAnIdThatNoHeaderCanReturn(String keyId) {
        assertThat(refused(Map.of(SSE, "aws:kms", KEY_ID, keyId)).error()).isEqualTo(S3Error.INVALID_ARGUMENT);
        assertThat(refused(Map.of(SSE, "aws:kms", KEY_ID, "k".repeat(2049))).error())
                .isEqualTo(S3Error.INVALID_ARGUMENT);
    }

    @Test
    void refusesAnotherWordForTheUseOfBucketKeys() {
        assertThat(refused(Map.of(SSE, "aws:kms", KEY_ID, "k", BUCKET_KEY, "yes"))
                        .error())
                .isEqualTo(S3Error.INVALID_ARGUMENT);
    }

    @ParameterizedTest
    @ValueSource(strings = {"AES256", "aws:kms", ""})
    void refusesTwoModes(String mode) {
        Map<String, String> headers = customer(CUSTOMER);
        headers.put(SSE, mode);
        S3Exception refused = refused(headers);
        assertThat(refused.error()).isEqualTo(S3Error.INVALID_ARGUMENT);
        assertThat(refused)
                .hasMessage(
                        "Server Side Encryption with Customer provided key is incompatible with the encryption method specified");
        assertThat(refused.details()).containsEntry("ArgumentName", SSE).containsEntry("ArgumentValue", mode);
    }

    /** The fault comes first, then what is sent for algorithm, key and MD5; a dash for a header that is not sent. */
    @ParameterizedTest
    @CsvSource({
        "a valid encryption algorithm., -, KEY, MD5",
        "a valid encryption algorithm., -, -, MD5",
        "a valid encryption algorithm., -, KEY, -",
        "an appropriate secret key., AES256, -, -",
        "an appropriate secret key., AES256, -, MD5",
        "an appropriate secret key., AES256, no Base64!, MD5",
        "the client calculated MD5 of the secret key., AES256, KEY, -",
        "the client calculated MD5 of the secret key., AES256, KEY, no Base64!"
    })
    void refusesAnIncompleteSetOfCustomerHeaders(String missing, String algorithm, String key, String md5) {
        for (String prefix : new String[] {CUSTOMER, SOURCE}) {
            Map<String, String> headers = customer(prefix);
            replace(headers, prefix + "algorithm", algorithm);
            replace(headers, prefix + "key", key);
            replace(headers, prefix + "key-MD5", md5);
            S3Exception refused = refusedKey(headers, prefix);
            assertThat(refused.error()).isEqualTo(S3Error.INVALID_ARGUMENT);
            assertThat(refused)
                    .hasMessage("Requests specifying Server Side Encryption with Customer provided keys must provide "
                            + missing);
        }
    }

    private static void replace(Map<String, String> headers, String name, String value) {
        if (value.equals("-")) {
            headers.remove(name);
        } else if (!value.equals("KEY") && !value.equals("MD5")) {
            headers.put(name, value);
        }
    }

    private static S3Exception refusedKey(Map<String, String> headers, String prefix) {
        RequestHeaders request = RequestHeaders.of(headers);
        return catchThrowableOfType(S3Exception.class, () -> {
            if (prefix.equals(SOURCE)) {
                EncryptionHeaders.sourceKey(request);
            } else {
                EncryptionHeaders.customerKey(request);
            }
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"AES192", "aws:kms", "aes256", ""})
    void refusesAnotherAlgorithmOfCustomersKeys(String algorithm) {
        Map<String, String> headers = customer(CUSTOMER);
        headers.put(CUSTOMER + "algorithm", algorithm);
        S3Exception refused = refused(headers);
        assertThat(refused.error().code()).isEqualTo("InvalidEncryptionAlgorithmError");
        assertThat(refused.error().status()).isEqualTo(400);
        assertThat(refused).hasMessage("The Encryption request you specified is not valid. Supported value: AES256.");
        assertThat(refused.details()).containsEntry("ArgumentValue", algorithm);
    }

    @Test
    void refusesTheMd5OfAnotherKey() {
        Map<String, String> headers = customer(CUSTOMER);
        headers.put(CUSTOMER + "key-MD5", "AAAAAAAAAAAAAAAAAAAAAA==");
        S3Exception refused = refused(headers);
        assertThat(refused.error()).isEqualTo(S3Error.INVALID_ARGUMENT);
        assertThat(refused).hasMessage("The calculated MD5 hash of the key did not match the hash that was provided.");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 16, 31, 33, 64})
    void refusesKeysOfAnotherLength(int length) {
        byte[] key = new byte[length];
        Map<String, String> headers = customer(CUSTOMER);
        headers.put(CUSTOMER + "key", Base64.getEncoder().encodeToString(key));
        headers.put(CUSTOMER + "key-MD5", Base64.getEncoder().encodeToString(DigestUtils.md5(key)));
        S3Exception refused = refused(headers);
        assertThat(refused.error()).isEqualTo(S3Error.INVALID_ARGUMENT);
        assertThat(refused).hasMessage("The secret key was invalid for the specified algorithm.");
    }

    @Test
    void noErrorHasTheKey() {
        for (String change : new String[] {"algorithm", "key-MD5", ""}) {
            Map<String, String> headers = customer(CUSTOMER);
            if (change.isEmpty()) {
                headers.put(SSE, "AES256");
            } else {
                headers.put(CUSTOMER + change, "AAAA");
            }
            S3Exception refused = refused(headers);
            assertThat(refused.getMessage() + refused.details() + refused.headers() + refused.rule())
                    .doesNotContain(KEY);
        }
    }

    @Test
    void theAnswerToAReadHasNoContext() {
        Envelope kms = new Envelope(EncryptionMode.KMS, "k", "w", Optional.of("e30="), true);
        assertThat(EncryptionHeaders.ofRead(kms, Optional.empty()))
                .isEqualTo(Map.of(SSE, "aws:kms", KEY_ID, "k", BUCKET_KEY, "true"));
        assertThat(EncryptionHeaders.ofWrite(kms, Optional.empty()))
                .isEqualTo(Map.of(SSE, "aws:kms", KEY_ID, "k", BUCKET_KEY, "true", CONTEXT, "e30="));
    }

    @Test
    void anAnswerReturnsTheMd5OfTheKeyAndNeverTheKey() {
        Envelope customer = new Envelope(EncryptionMode.CUSTOMER, "", "w", Optional.empty(), false);
        CustomerKey key = new CustomerKey(Base64.getDecoder().decode(KEY));
        assertThat(EncryptionHeaders.ofRead(customer, Optional.of(key)))
                .isEqualTo(Map.of(CUSTOMER + "algorithm", "AES256", CUSTOMER + "key-MD5", MD5));
        Envelope ring = new Envelope(EncryptionMode.S3, "k1", "w", Optional.empty(), false);
        assertThat(EncryptionHeaders.ofWrite(ring, Optional.empty())).isEqualTo(Map.of(SSE, "AES256"));
    }
}
