package io.pataka.service.encryption;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.pataka.keystone.BarbicanSecret;
import io.pataka.keystone.BarbicanSecrets;
import io.pataka.keystone.KeystoneUnavailableException;
import io.pataka.keystone.SecretReading;
import io.pataka.keystone.SecretReading.Found;
import io.pataka.keystone.SecretReading.Refused;
import io.pataka.service.encryption.KeyRefusedException.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keys in Barbican: secrets of 32 bytes, which their owners let the service user read. A client names a key by the UUID of the secret, by
 * its reference, or by an ARN that ends in {@code :key/} and the UUID.
 *
 * <p>The service user can read every secret that was shared with it, for whichever tenant. So that no tenant can use the key of another, a
 * key is used for the buckets of a project only if the secret names that project. Only users of the secret's own project can write the user
 * metadata of a secret.
 */
public final class BarbicanKeys implements KeySource {

    /** The name of the user metadata with the project's id, or several ids with commas between them. */
    public static final String PROJECT = "s3-project";

    /** Has a share of readings of its own. */
    private static final String OPERATOR = "";

    private static final Logger LOG = LoggerFactory.getLogger(BarbicanKeys.class);

    private static final Pattern ID = Pattern.compile("(?:arn:[^:/]+:kms:[^:/]*:[^:/]*:key/|https?://[^?#]+/secrets/)?"
            + "(\\p{XDigit}{8}-\\p{XDigit}{4}-\\p{XDigit}{4}-\\p{XDigit}{4}-\\p{XDigit}{12})");

    private final BarbicanSecrets secrets;
    private final boolean bindKeysToProjects;

    /** The keys of whose end the log has told. */
    private final Cache<UUID, Instant> ends = Caffeine.newBuilder()
            .maximumSize(10_000)
            .expireAfterWrite(Duration.ofDays(1))
            .build();

    /** @param bindKeysToProjects whether a key is used only for projects that its secret names */
    public BarbicanKeys(BarbicanSecrets secrets, boolean bindKeysToProjects) {
        this.secrets = Objects.requireNonNull(secrets);
        this.bindKeysToProjects = bindKeysToProjects;
    }

    @Override
    public WrappingKey key(String keyId, String project) throws KeyRefusedException {
        UUID id = secretOf(keyId);
        BarbicanSecret secret = read(id, project, found -> suits(found, project));
        if (bindKeysToProjects && !names(secret, project)) {
            throw new KeyRefusedException(
                    Reason.OTHER_PROJECT,
                    "the user metadata " + PROJECT + " of the key " + id + " in Barbican does not name the project "
                            + project + ", which owns the bucket");
        }
        return wrappingKey(id, secret);
    }

    /**
     * A key of the operator, which is bound to no project.
     *
     * @throws KeyRefusedException as {@link #key}
     */
    public WrappingKey operatorsKey(String keyId) throws KeyRefusedException {
        UUID id = secretOf(keyId);
        return wrappingKey(id, read(id, OPERATOR, found -> found.length() == WrappingKey.LENGTH));
    }

    private boolean suits(BarbicanSecret secret, String project) {
        return secret.length() == WrappingKey.LENGTH && (!bindKeysToProjects || names(secret, project));
    }

    private static boolean names(BarbicanSecret secret, String project) {
        return secret.metadata(PROJECT)
                .filter(text -> Arrays.asList(text.trim().split("\\s*,\\s*")).contains(project))
                .isPresent();
    }

    private BarbicanSecret read(UUID id, String project, Predicate<BarbicanSecret> suits) throws KeyRefusedException {
        try {
            SecretReading reading = secrets.read(id, project, suits);
            if (reading instanceof Found found) {
                tellEnd(id, found.secret());
                return found.secret();
            }
            Refused refused = (Refused) reading;
            throw switch (refused.reason()) {
                case NOT_SHARED -> new KeyRefusedException(Reason.DENIED, refused.detail());
                case UNKNOWN -> new KeyRefusedException(Reason.NO_SUCH_KEY, refused.detail());
            };
        } catch (KeystoneUnavailableException unavailable) {
            throw new KeysUnavailableException(
                    "the key " + id + " cannot be read from Barbican: " + unavailable.getMessage(), unavailable);
        }
    }

    /** The secret that a client's name of a key means. */
    static UUID secretOf(String keyId) throws KeyRefusedException {
        Matcher form = ID.matcher(keyId);
        if (!form.matches()) {
            throw new KeyRefusedException(
                    Reason.NO_SUCH_KEY, "the id of a key is no UUID, ARN or reference of a secret in Barbican");
        }
        return UUID.fromString(form.group(1));
    }

    private static WrappingKey wrappingKey(UUID id, BarbicanSecret secret) throws KeyRefusedException {
        if (secret.length() != WrappingKey.LENGTH) {
            throw new KeyRefusedException(
                    Reason.UNUSABLE,
                    "the key " + id + " in Barbican has " + secret.length() + " bytes, not " + WrappingKey.LENGTH);
        }
        return new WrappingKey(secret.payload());
    }

    private void tellEnd(UUID id, BarbicanSecret secret) {
        Optional<Instant> end = secret.expires();
        if (end.isPresent() && !end.get().equals(ends.asMap().put(id, end.get()))) {
            LOG.warn(
                    "The key {} in Barbican expires at {}. From then on no object can be read that was encrypted with it",
                    id,
                    end.get());
        }
    }
}
