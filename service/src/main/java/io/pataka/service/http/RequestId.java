package io.pataka.service.http;

import java.security.SecureRandom;
import java.util.Base64;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Names one request: to the client in {@code x-amz-request-id} and {@code x-amz-id-2}, to the operator in the logs.
 *
 * @param text 16 characters of {@code 0-9 A-Z}, as AWS's are
 */
public record RequestId(String text) {

    private static final char[] ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ".toCharArray();
    private static final int LENGTH = 16;

    /** The same for all requests that one process answers, so that a client's report names the node. */
    private static final String HOST_ID = newHostId();

    public RequestId {
        Objects.requireNonNull(text);
    }

    /** Unique among the requests of a cloud for all practical purposes (80 random bits), and no secret. */
    public static RequestId next() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        long high = random.nextLong();
        long low = random.nextLong();
        char[] text = new char[LENGTH];
        for (int i = 0; i < LENGTH / 2; i++) {
            text[i] = ALPHABET[(int) (high >>> (5 * i)) & 31];
            text[i + LENGTH / 2] = ALPHABET[(int) (low >>> (5 * i)) & 31];
        }
        return new RequestId(new String(text));
    }

    /** What {@code x-amz-id-2} and {@code <HostId>} say. */
    public String hostId() {
        return HOST_ID;
    }

    private static String newHostId() {
        byte[] id = new byte[56];
        new SecureRandom().nextBytes(id);
        return Base64.getEncoder().encodeToString(id);
    }
}
