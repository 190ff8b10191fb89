package io.pataka.keystone;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.UUID;

/**
 * A proof that the middleware signs with a secret that it has read, to ask Keystone whether the owner is authorised. It has the
 * form of a version 4 request over a hash of no request, so it cannot be used for anything else.
 */
final class ProbeProof {

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);
    private static final String NO_REQUEST = "0".repeat(64);

    private ProbeProof() {}

    /** A proof for an access key that does not exist. */
    static SignedProof.V4 ofUnknownKey() {
        return of(new StoredCredential("check-" + UUID.randomUUID(), Secret.of("none"), false), Instant.now());
    }

    static SignedProof.V4 of(StoredCredential credential, Instant now) {
        String time = TIME.format(now);
        SignedProof.Scope scope = new SignedProof.Scope(time.substring(0, 8), "probe", "s3");
        String stringToSign = "AWS4-HMAC-SHA256\n" + time + "\n" + scope + "\n" + NO_REQUEST;
        byte[] mac = Hmac.sha256(scope.signingKey(credential.secret()), stringToSign.getBytes(US_ASCII));
        return new SignedProof.V4(
                credential.accessKey(), scope, stringToSign, HexFormat.of().formatHex(mac));
    }
}
