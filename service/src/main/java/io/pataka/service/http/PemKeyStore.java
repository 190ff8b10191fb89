package io.pataka.service.http;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Makes a key store in memory from a certificate file and a key file in PEM.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7468">RFC 7468: textual encodings of PKIX, PKCS and CMS structures</a>
 */
final class PemKeyStore {

    /** The store stays in this process, so its password protects nothing. */
    static final String PASSWORD = "in-memory";

    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([^-]*)-----END \\1-----", Pattern.DOTALL);

    private static final Pattern BEGIN = Pattern.compile("-----BEGIN ");

    private static final String ENTRY = "server";

    private PemKeyStore() {}

    /**
     * @param certificate the server's own certificate, followed by the intermediate certificates
     * @param privateKey PKCS#8, or the older PKCS#1 and SEC 1 forms, not encrypted
     * @throws GeneralSecurityException when a file is not as described, or the two do not belong together
     * @throws IOException when a file cannot be read
     */
    static KeyStore load(Path certificate, Path privateKey) throws GeneralSecurityException, IOException {
        return load(PemFiles.read(certificate, privateKey));
    }

    /** @throws GeneralSecurityException when a file is not as described, or the two do not belong together */
    static KeyStore load(PemFiles files) throws GeneralSecurityException {
        List<Certificate> chain = certificates(files);
        PublicKey publicKey = chain.get(0).getPublicKey();
        PrivateKey key = privateKey(files, publicKey);
        if (!belongTogether(publicKey, key)) {
            throw new GeneralSecurityException(
                    files.privateKey() + " is not the key of the certificate in " + files.certificate());
        }
        KeyStore store = KeyStore.getInstance("PKCS12");
        try {
            store.load(null, null);
        } catch (IOException impossible) {
            throw new GeneralSecurityException(impossible);
        }
        store.setKeyEntry(ENTRY, key, PASSWORD.toCharArray(), chain.toArray(Certificate[]::new));
        return store;
    }

    /** When the server's certificate in a store that this class made is valid. */
    static Validity validity(KeyStore store) throws GeneralSecurityException {
        X509Certificate own = (X509Certificate) store.getCertificate(ENTRY);
        return new Validity(own.getNotBefore().toInstant(), own.getNotAfter().toInstant());
    }

    /** @throws GeneralSecurityException when the server's certificate has expired or is not valid yet */
    static void requireValidAt(Instant now, KeyStore store, PemFiles files) throws GeneralSecurityException {
        Validity validity = validity(store);
        if (validity.isAhead(now) || validity.isOver(now)) {
            throw new GeneralSecurityException("the certificate in " + files.certificate() + " is valid from "
                    + validity.from() + " to " + validity.until() + " only");
        }
    }

    private static List<Certificate> certificates(PemFiles files) throws GeneralSecurityException {
        Path file = files.certificate();
        CertificateFactory factory = CertificateFactory.getInstance("X.509");
        List<Certificate> chain = new ArrayList<>();
        for (Block block : blocks(file, files.certificateText())) {
            if (block.label().equals("CERTIFICATE")) {
                try {
                    chain.add(factory.generateCertificate(new ByteArrayInputStream(block.der())));
                } catch (CertificateException broken) {
                    throw new GeneralSecurityException(file + " holds a broken certificate", broken);
                }
            }
        }
        if (chain.isEmpty()) {
            throw new GeneralSecurityException(file + " holds no PEM certificate");
        }
        return chain;
    }

    private static PrivateKey privateKey(PemFiles files, PublicKey publicKey) throws GeneralSecurityException {
        Path file = files.privateKey();
        for (Block block : blocks(file, files.privateKeyText())) {
            switch (block.label()) {
                case "PRIVATE KEY" -> {
                    return privateKey(files, publicKey, block.der());
                }
                case "RSA PRIVATE KEY", "EC PRIVATE KEY" -> {
                    return privateKey(files, publicKey, pkcs8(publicKey, block.der()));
                }
                case "ENCRYPTED PRIVATE KEY" ->
                    throw new GeneralSecurityException(
                            file
                                    + " is encrypted. The server cannot ask for a password; set a key file that is not encrypted");
                default -> {
                    // parameters of the curve, or the certificate beside its key
                }
            }
        }
        throw new GeneralSecurityException(file + " holds no PEM private key");
    }

    /** Reads the key with the algorithm of the certificate; a key of another algorithm fails. */
    private static PrivateKey privateKey(PemFiles files, PublicKey publicKey, byte[] pkcs8)
            throws GeneralSecurityException {
        try {
            return KeyFactory.getInstance(publicKey.getAlgorithm()).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
        } catch (InvalidKeySpecException unfit) {
            throw new GeneralSecurityException(
                    files.privateKey() + " is broken, or is not the key of the certificate in " + files.certificate(),
                    unfit);
        }
    }

    private record Block(String label, byte[] der) {}

    /** A file that is only partly written must not be read as a shorter chain. */
    private static List<Block> blocks(Path file, String text) throws GeneralSecurityException {
        List<Block> blocks = new ArrayList<>();
        Matcher matcher = BLOCK.matcher(text);
        while (matcher.find()) {
            try {
                blocks.add(new Block(matcher.group(1), Base64.getMimeDecoder().decode(matcher.group(2))));
            } catch (IllegalArgumentException notBase64) {
                throw new GeneralSecurityException(file + ": broken Base64 in " + matcher.group(1), notBase64);
            }
        }
        if (BEGIN.matcher(text).results().count() != blocks.size()) {
            throw new GeneralSecurityException(file + " is incomplete: a PEM block has a first line and no last line");
        }
        return blocks;
    }

    /**
     * Wraps a key in PKCS#1 or SEC 1 form as PKCS#8 (RFC 5208 section 5), with the algorithm and the curve of the certificate.
     */
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
