package io.pataka.service.encryption;

import io.pataka.service.encryption.KeyRefusedException.Reason;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.commons.codec.digest.DigestUtils;

/** A key ring and a key manager of tests. The ids of keys say what they are good for. */
public final class KnownKeys implements KeyRing, KeySource {

    /** Ids of keys that every project may use. */
    public static final String FIRST = "testkey-1";

    public static final String SECOND = "testkey-2";

    /** A key that does not exist. */
    public static final String ABSENT = "absent";

    /** A key of another project. */
    public static final String OF_OTHERS = "of-others";

    /** A key that cannot be read now. */
    public static final String OUT_OF_REACH = "out-of-reach";

    private static final String ACTIVE = "ring-1";

    private final List<String> questions = new ArrayList<>();

    @Override
    public Optional<Named> active() {
        return Optional.of(new Named(ACTIVE, keyOf(ACTIVE)));
    }

    @Override
    public Optional<WrappingKey> find(String id) {
        return Optional.of(keyOf(id));
    }

    @Override
    public Set<String> ids() {
        return Set.of(ACTIVE);
    }

    @Override
    public WrappingKey key(String keyId, String project) throws KeyRefusedException {
        questions.add(keyId + " for " + project);
        return switch (keyId) {
            case FIRST, SECOND -> keyOf(keyId);
            case OF_OTHERS -> throw new KeyRefusedException(Reason.OTHER_PROJECT, "the key is of another project");
            case OUT_OF_REACH -> throw new KeysUnavailableException("the key manager does not answer", null);
            default -> throw new KeyRefusedException(Reason.NO_SUCH_KEY, "there is no key " + keyId);
        };
    }

    /** Whether the key manager was asked since the last question. */
    public boolean wereAsked() {
        return !questions().isEmpty();
    }

    /** What the key manager was asked since the last time: the ids of keys, and for which project. */
    public List<String> questions() {
        List<String> asked = List.copyOf(questions);
        questions.clear();
        return asked;
    }

    private static WrappingKey keyOf(String id) {
        return new WrappingKey(DigestUtils.sha256(id.getBytes(StandardCharsets.UTF_8)));
    }
}
