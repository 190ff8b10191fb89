package io.pataka.service.testing;

import io.pataka.service.encryption.KeyRingFile;
import io.pataka.service.encryption.Ring;
import io.pataka.service.encryption.RingKey;
import io.pataka.service.encryption.WrappingKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Map;

/** Files of key rings for SSE-S3. */
public final class KeyRings {

    private static final SecureRandom RANDOM = new SecureRandom();

    private KeyRings() {}

    /** A random key. */
    public static RingKey randomKey() {
        byte[] secret = new byte[WrappingKey.LENGTH];
        RANDOM.nextBytes(secret);
        return RingKey.of(secret);
    }

    /** The ring of a file; where there is no file, one is made with a random key. */
    public static Ring readOrCreate(Path file) throws IOException {
        if (Files.notExists(file)) {
            KeyRingFile.create(file, new Ring("first", Map.of("first", randomKey())));
        }
        return KeyRingFile.read(file);
    }
}
