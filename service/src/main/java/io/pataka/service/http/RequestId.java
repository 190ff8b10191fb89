package io.pataka.service.http;

import java.security.SecureRandom;
import java.util.Base64;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The ids of one request: {@code x-amz-request-id} and {@code x-amz-id-2} for the client, and the same in the logs for the
 * operator.
 *
 * @param text 16 characters of {@code 0-9 A-Z}, as AWS's are
 * @param hostId 76 characters of base64: the value of {@code x-amz-id-2} and {@code <HostId>}
 */
public record RequestId(String text, String hostId) {

    private static final char[] ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ".toCharArray();
    private static final int LENGTH = 16;

    private static final int HOST_ID_BYTES = 56;

    /**
     * The first bytes of the host id of every request that this process answers, so that a client's report identifies the node.
     */
    private static final byte[] NODE = newNode();

    public RequestId {
        Objects.requireNonNull(text);
        Objects.requireNonNull(hostId);
    }

    /** How the host ids of all requests that this process answers begin. */
    public static String node() {
        return Base64.getEncoder().encodeToString(NODE);
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
        return new RequestId(new String(text), hostId(random));
    }

    private static String hostId(ThreadLocalRandom random) {
        byte[] id = new byte[HOST_ID_BYTES];
        random.nextBytes(id);
        System.arraycopy(NODE, 0, id, 0, NODE.length);
        return Base64.getEncoder().encodeToString(id);
    }

    private static byte[] newNode() {
        byte[] node = new byte[24];
        new SecureRandom().nextBytes(node);
        return node;
    }
}
