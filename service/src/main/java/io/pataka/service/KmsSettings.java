package io.pataka.service;

import io.dropwizard.util.Duration;
import io.dropwizard.validation.MinDuration;
import io.dropwizard.validation.ValidationMethod;
import io.pataka.keystone.BarbicanSettings;
import jakarta.validation.Valid;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Where the keys of SSE-KMS are.
 *
 * @param barbican absent if keys in Barbican are not offered
 * @param keysFile absent if there are no static keys; these come first
 */
public record KmsSettings(@Valid Barbican barbican, Path keysFile) {

    /** No keys. */
    static final KmsSettings NONE = new KmsSettings(null, null);

    /** The file of static keys. */
    Optional<Path> staticKeys() {
        return Optional.ofNullable(keysFile).filter(file -> !file.toString().isEmpty());
    }

    /**
     * Keys in Barbican.
     *
     * @param url absent for the endpoint in Keystone's catalog
     * @param bindKeysToProjects whether a key is used only for the projects that its secret names
     */
    public record Barbican(
            URI url,

            @MinDuration(value = 100, unit = TimeUnit.MILLISECONDS)
            Duration timeout,

            @MinDuration(value = 1, unit = TimeUnit.SECONDS) Duration cacheLifetime,
            Duration refusalLifetime,
            Duration outageGrace,
            Boolean bindKeysToProjects) {
        public Barbican {
            timeout = timeout == null ? Duration.seconds(5) : timeout;
            cacheLifetime = cacheLifetime == null ? Duration.minutes(5) : cacheLifetime;
            refusalLifetime = refusalLifetime == null ? Duration.seconds(30) : refusalLifetime;
            outageGrace = outageGrace == null ? Duration.hours(1) : outageGrace;
            bindKeysToProjects = bindKeysToProjects == null || bindKeysToProjects;
        }

        @ValidationMethod(message = "encryption.kms.barbican.url is not an http or https URL")
        public boolean isUrlOfTheWeb() {
            return url == null
                    || (url.getHost() != null && ("http".equals(url.getScheme()) || "https".equals(url.getScheme())));
        }

        BarbicanSettings settings() {
            return new BarbicanSettings(
                    Optional.ofNullable(url),
                    timeout.toJavaDuration(),
                    cacheLifetime.toJavaDuration(),
                    refusalLifetime.toJavaDuration(),
                    outageGrace.toJavaDuration());
        }
    }
}
