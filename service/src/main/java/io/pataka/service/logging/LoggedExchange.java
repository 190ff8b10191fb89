package io.pataka.service.logging;

import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What access logs say of a request and its reply. Texts are as the client sent them, with one character per byte.
 *
 * @param requester empty for an anonymous caller
 * @param uri path and query, without secrets
 * @param protocol {@code HTTP/1.1}
 * @param bytesSent of the body of the reply
 * @param totalMillis from the headers of the request to the last byte of the reply
 * @param turnAroundMillis from the last byte of the request to the first byte of the reply; empty if nothing was sent
 * @param hostId {@code x-amz-id-2}
 * @param signature empty for an anonymous caller, and for a form, whose signature is in its fields
 * @param tls empty for a plain connection, and if a proxy terminates TLS
 * @param aclRequired whether an ACL, and nothing else, let the caller in
 */
public record LoggedExchange(
        String remoteAddress,
        Optional<String> requester,
        String method,
        String uri,
        String protocol,
        int status,
        Optional<String> errorCode,
        long bytesSent,
        long totalMillis,
        OptionalLong turnAroundMillis,
        Optional<String> referer,
        Optional<String> userAgent,
        String hostId,
        Optional<Signature> signature,
        Optional<Tls> tls,
        Optional<String> host,
        boolean aclRequired) {

    public LoggedExchange {
        Objects.requireNonNull(remoteAddress);
        Objects.requireNonNull(requester);
        Objects.requireNonNull(method);
        Objects.requireNonNull(uri);
        Objects.requireNonNull(protocol);
        Objects.requireNonNull(errorCode);
        Objects.requireNonNull(turnAroundMillis);
        Objects.requireNonNull(referer);
        Objects.requireNonNull(userAgent);
        Objects.requireNonNull(hostId);
        Objects.requireNonNull(signature);
        Objects.requireNonNull(tls);
        Objects.requireNonNull(host);
    }

    /** The same with another outcome, for one of several keys that a request names. */
    public LoggedExchange ofKey(int ownStatus, Optional<String> ownError) {
        return new LoggedExchange(
                remoteAddress,
                requester,
                method,
                uri,
                protocol,
                ownStatus,
                ownError,
                0,
                totalMillis,
                turnAroundMillis,
                referer,
                userAgent,
                hostId,
                signature,
                tls,
                host,
                aclRequired);
    }

    /**
     * How the caller was authenticated.
     *
     * @param version {@code SigV2} or {@code SigV4}
     * @param place {@code AuthHeader} or {@code QueryString}
     */
    public record Signature(String version, String place) {

        public Signature {
            Objects.requireNonNull(version);
            Objects.requireNonNull(place);
        }
    }

    /**
     * @param version {@code TLSv1.3}
     * @param cipherSuite by OpenSSL's name
     */
    public record Tls(String version, String cipherSuite) {

        public Tls {
            Objects.requireNonNull(version);
            Objects.requireNonNull(cipherSuite);
        }

        /** Of a cipher suite by its name in Java, which is that of the RFCs: {@code TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256}. */
        public static Tls ofJava(String version, String suite) {
            int with = suite.indexOf("_WITH_");
            return new Tls(
                    version,
                    with < 0 || !suite.startsWith("TLS_")
                            ? suite
                            : (suite.substring("TLS_".length(), with) + "-" + suite.substring(with + "_WITH_".length()))
                                    .replace("AES_", "AES")
                                    .replace('_', '-'));
        }
    }
}
