package io.pataka.service.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Objects;

/**
 * The content of a certificate file and of its key file, read one after the other. While the files are being replaced, they may
 * not belong together; {@link PemKeyStore#load(PemFiles)} checks that.
 */
final class PemFiles {

    private final Path certificate;
    private final String certificateText;
    private final Path privateKey;
    private final String privateKeyText;

    private PemFiles(Path certificate, String certificateText, Path privateKey, String privateKeyText) {
        this.certificate = certificate;
        this.certificateText = certificateText;
        this.privateKey = privateKey;
        this.privateKeyText = privateKeyText;
    }

    /**
     * @throws IOException naming the file that is not there or cannot be read
     */
    static PemFiles read(Path certificate, Path privateKey) throws IOException {
        return new PemFiles(certificate, text(certificate), privateKey, text(privateKey));
    }

    /** Text around the PEM blocks may have any encoding; the blocks are ASCII. */
    private static String text(Path file) throws IOException {
        try {
            return Files.readString(file, ISO_8859_1);
        } catch (NoSuchFileException absent) {
            throw new NoSuchFileException(file + " does not exist");
        } catch (IOException | UncheckedIOException unreadable) {
            throw new IOException(file + " cannot be read: " + unreadable, unreadable);
        }
    }

    Path certificate() {
        return certificate;
    }

    String certificateText() {
        return certificateText;
    }

    Path privateKey() {
        return privateKey;
    }

    String privateKeyText() {
        return privateKeyText;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PemFiles that
                && certificate.equals(that.certificate)
                && privateKey.equals(that.privateKey)
                && certificateText.equals(that.certificateText)
                && privateKeyText.equals(that.privateKeyText);
    }

    @Override
    public int hashCode() {
        return Objects.hash(certificateText, privateKeyText);
    }

    /** Without the content, which includes a private key. */
    @Override
    public String toString() {
        return certificate + " and " + privateKey;
    }
}
