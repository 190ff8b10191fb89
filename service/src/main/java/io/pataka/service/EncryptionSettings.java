package io.pataka.service;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.dropwizard.validation.ValidationMethod;
import io.pataka.service.encryption.KeyRingFile;
import io.pataka.service.encryption.Ring;
import io.pataka.service.encryption.RingKey.Place;
import io.pataka.service.model.EncryptionChoice;
import io.pataka.service.operation.EncryptionRules;
import io.pataka.service.secrets.InvalidSecretFileException;
import jakarta.validation.Valid;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Encryption at rest.
 *
 * @param standard how objects are encrypted of which neither the request nor the bucket says it
 * @param requireTls whether requests with customers' keys, or about SSE-C and SSE-KMS, must come over TLS
 * @param ringFile absent if there is no SSE-S3
 * @param kms where the keys of SSE-KMS are
 */
public record EncryptionSettings(
        @JsonProperty("default") String standard,
        Boolean requireTls,
        @JsonProperty("keyRing") Path ringFile,
        @Valid KmsSettings kms) {

    private static final String NONE = "none";
    private static final String AES256 = "AES256";

    public EncryptionSettings {
        standard = standard == null ? NONE : standard;
        requireTls = requireTls == null || requireTls;
        kms = kms == null ? KmsSettings.NONE : kms;
    }

    @ValidationMethod(message = "encryption.default is none or AES256")
    public boolean isStandardKnown() {
        return standard.equals(NONE) || standard.equals(AES256);
    }

    @ValidationMethod(message = "encryption.default is AES256, so encryption.keyRing must be set")
    public boolean isKeyRingSetWhereNeeded() {
        return !standard.equals(AES256) || keyRing().isPresent();
    }

    /** The file of the key ring. */
    Optional<Path> keyRing() {
        return Optional.ofNullable(ringFile).filter(file -> !file.toString().isEmpty());
    }

    /**
     * The ring that the file has.
     *
     * @throws InvalidSecretFileException when it cannot be used, or has keys in Barbican, which the settings do not have
     */
    Ring readRing(Path file) {
        try {
            Ring ring = KeyRingFile.read(file);
            ring.keys().forEach((id, key) -> {
                if (key.place() == Place.BARBICAN && kms.barbican() == null) {
                    throw new InvalidSecretFileException("the key " + id
                            + " is in Barbican, and the settings have no section encryption.kms.barbican");
                }
            });
            return ring;
        } catch (InvalidSecretFileException wrong) {
            throw wrong.of("encryption.keyRing");
        }
    }

    EncryptionRules rules() {
        return new EncryptionRules(
                standard.equals(AES256) ? Optional.of(new EncryptionChoice.S3()) : Optional.empty(), requireTls);
    }
}
