package io.pataka.service.http;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A key store in memory, made of the two files that every certificate authority and every web server deal in.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7468">RFC 7468: textual encodings of PKIX, PKCS and CMS structures</a>
 */
final class PemKeyStore {

    /** The store never leaves the process, so its password guards nothing. */
    static final String PASSWORD = "in-memory";

    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([^-]*)-----END \\1-----", Pattern.DOTALL);

    private PemKeyStore() {}

    /**
     * @param certificate the server's own certificate, followed by those between it and the root
     * @param privateKey PKCS#8, or the older PKCS#1 and SEC 1 forms, not encrypted
     * @throws GeneralSecurityException when a file does not hold what it should, or the two do not belong together
     * @throws IOException when a file cannot be read
     */
    static KeyStore load(Path certificate, Path privateKey) throws GeneralSecurityException, IOException {
        List<Certificate> chain = certificates(certificate);
        PublicKey publicKey = chain.get(0).getPublicKey();
        PrivateKey key = privateKey(privateKey, publicKey);
        if (!belongTogether(publicKey, key)) {
            throw new GeneralSecurityException(privateKey + " is not the key of the certificate in " + certificate);
        }
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry("server", key, PASSWORD.toCharArray(), chain.toArray(Certificate[]::new));
        return store;
    }

    private static List<Certificate> certificates(Path file) throws GeneralSecurityException, IOException {
        CertificateFactory factory = CertificateFactory.getInstance("X.509");
        List<Certificate> chain = new ArrayList<>();
        for (Block block : blocks(file)) {
            if (block.label().equals("CERTIFICATE")) {
                chain.add(factory.generateCertificate(new ByteArrayInputStream(block.der())));
            }
        }
        if (chain.isEmpty()) {
            throw new GeneralSecurityException(file + " holds no PEM certificate");
        }
        return chain;
    }

    private static PrivateKey privateKey(Path file, PublicKey publicKey) throws GeneralSecurityException, IOException {
        KeyFactory factory = KeyFactory.getInstance(publicKey.getAlgorithm());
        for (Block block : blocks(file)) {
            switch (block.label()) {
                case "PRIVATE KEY" -> {
                    return factory.generatePrivate(new PKCS8EncodedKeySpec(block.der()));
                }
                case "RSA PRIVATE KEY", "EC PRIVATE KEY" -> {
                    return factory.generatePrivate(new PKCS8EncodedKeySpec(pkcs8(publicKey, block.der())));
                }
                case "ENCRYPTED PRIVATE KEY" ->
                    throw new GeneralSecurityException(
                            file + " is encrypted: the server starts without anybody to ask for a password");
                default -> {
                    // parameters of the curve, or the certificate beside its key
                }
            }
        }
        throw new GeneralSecurityException(file + " holds no PEM private key");
    }

    private record Block(String label, byte[] der) {}

    private static List<Block> blocks(Path file) throws GeneralSecurityException, IOException {
        List<Block> blocks = new ArrayList<>();
        Matcher matcher = BLOCK.matcher(Files.readString(file, US_ASCII));
        while (matcher.find()) {
            try {
                blocks.add(new Block(matcher.group(1), Base64.getMimeDecoder().decode(matcher.group(2))));
            } catch (IllegalArgumentException notBase64) {
                throw new GeneralSecurityException(file + ": broken Base64 in " + matcher.group(1), notBase64);
            }
        }
        return blocks;
    }

    /** Wraps an algorithm's own form (RFC 5208 section 5); the algorithm and its curve are those of the certificate. */
    private static byte[] pkcs8(PublicKey publicKey, byte[] key) {
        byte[] publicInfo = publicKey.getEncoded();
        int algorithmAt = headerLength(publicInfo, 0);
        int algorithmEnd = algorithmAt + headerLength(publicInfo, algorithmAt) + contentLength(publicInfo, algorithmAt);
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        content.writeBytes(new byte[] {0x02, 0x01, 0x00});
        content.write(publicInfo, algorithmAt, algorithmEnd - algorithmAt);
        content.writeBytes(der(0x04, key));
        return der(0x30, content.toByteArray());
    }

    private static byte[] der(int tag, byte[] content) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(tag);
        if (content.length < 0x80) {
            out.write(content.length);
        } else if (content.length < 0x100) {
            out.write(0x81);
            out.write(content.length);
        } else {
            out.write(0x82);
            out.write(content.length >> 8);
            out.write(content.length);
        }
        out.writeBytes(content);
        return out.toByteArray();
    }

    private static int headerLength(byte[] der, int at) {
        int first = der[at + 1] & 0xFF;
        return first < 0x80 ? 2 : 2 + (first & 0x7F);
    }

    private static int contentLength(byte[] der, int at) {
        int first = der[at + 1] & 0xFF;
        if (first < 0x80) {
            return first;
        }
        int length = 0;
        for (int i = 0; i < (first & 0x7F); i++) {
            length = length << 8 | der[at + 2 + i] & 0xFF;
        }
        return length;
    }

    private static boolean belongTogether(PublicKey publicKey, PrivateKey key) throws GeneralSecurityException {
        String algorithm = switch (publicKey.getAlgorithm()) {
            case "RSA" -> "SHA256withRSA";
            case "EC" -> "SHA256withECDSA";
            default -> publicKey.getAlgorithm();
        };
        byte[] probe = "probe".getBytes(US_ASCII);
        Signature signing = Signature.getInstance(algorithm);
        signing.initSign(key);
        signing.update(probe);
        Signature checking = Signature.getInstance(algorithm);
        checking.initVerify(publicKey);
        checking.update(probe);
        return checking.verify(signing.sign());
    }
}
