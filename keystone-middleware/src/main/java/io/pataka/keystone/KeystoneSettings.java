package io.pataka.keystone;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import com.fasterxml.jackson.databind.annotation.JsonPOJOBuilder;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * How to reach Keystone, as which user, and how long its answers are cached. Made with {@link #builder()} or bound by Jackson
 * to keystoneauth's names in snake case ({@code auth_url}, {@code user_domain_name}, ...); what is not set is taken from the
 * environment ({@code OS_AUTH_URL}, {@code OS_USERNAME}, ...).
 *
 * @param authUrls one or more addresses of the same Keystone, each ending in {@code /v3}; the next one is tried when one fails
 * @param regionName with {@code interfaceName}, chooses Keystone's own endpoint in the service catalog, which is then tried
 *     before the auth URLs
 * @param interfaceName {@code public}, {@code internal} or {@code admin}
 * @param cafile PEM file with the certificates to trust instead of the platform's
 * @param insecure accept any certificate: for test clouds only
 * @param timeout the longest time that one client request waits for Keystone, with failover
 * @param mode whether secrets are held
 * @param askSigv2 in mode {@code ask}, pass version 2 signatures on to Keystone too. Keystone treats any bytes that do not
 *     begin with {@code AWS4} as such, so this makes the service an oracle for HMAC-SHA1 under every secret
 * @param systemScope read secrets with a system-scoped token (role {@code reader} on the system); off: with the project token,
 *     which needs a policy override in Keystone
 * @param cacheLifetime how long an authorisation is used before Keystone is asked again: the longest that a revoked key works
 * @param cacheMissLifetime how long "no such key" and "not authorised" are remembered
 * @param cacheGrace how much longer than its lifetime an authorisation is used while Keystone is unavailable
 * @param cacheSize most access keys held, and most unknown ones remembered
 * @param maxConcurrentCalls most calls to Keystone in flight at once
 */
@JsonDeserialize(builder = KeystoneSettings.Builder.class)
public record KeystoneSettings(
        List<URI> authUrls,
        String username,
        Secret password,
        String userDomainName,
        String projectName,
        String projectDomainName,
        Optional<String> regionName,
        Optional<String> interfaceName,
        Optional<Path> cafile,
        boolean insecure,
        Duration timeout,
        Mode mode,
        boolean askSigv2,
        boolean systemScope,
        Duration cacheLifetime,
        Duration cacheMissLifetime,
        Duration cacheGrace,
        int cacheSize,
        int maxConcurrentCalls) {

    private static final Set<String> INTERFACES = Set.of("public", "internal", "admin");

    /** Where a client's signature is verified. */
    public enum Mode {
        /** By this library, with the secret from Keystone, which is cached. */
        CACHED,
        /** By Keystone on each request. No secret is held, and what needs one is refused. */
        ASK;

        @JsonCreator
        static Mode of(String name) {
            return switch (name.toLowerCase(Locale.ROOT)) {
                case "cached" -> CACHED;
                case "ask" -> ASK;
                default -> throw new IllegalArgumentException("mode: '" + name + "' is neither 'cached' nor 'ask'");
            };
        }
    }

    public KeystoneSettings {
        authUrls = List.copyOf(authUrls);
    }

    public static Builder builder() {
        return new Builder();
    }

    /** Collects settings. {@link #build()} reports all faults, each with the name of its setting. */
    @JsonAutoDetect(setterVisibility = Visibility.PUBLIC_ONLY)
    @JsonPOJOBuilder(withPrefix = "")
    @JsonNaming(SnakeCaseStrategy.class)
    public static final class Builder {
        private List<String> authUrl = List.of();
        private String username;
        private String password;
        private Path passwordFile;
        private String userDomainName;
        private String projectName;
        private String projectDomainName;
        private String regionName;
        private String interfaceName;
        private Path cafile;
        private Boolean insecure;
        private Duration timeout = Duration.ofSeconds(10);
        private Mode mode = Mode.CACHED;
        private boolean askSigv2;
        private boolean systemScope = true;
        private Duration cacheLifetime = Duration.ofSeconds(60);
        private Duration cacheMissLifetime = Duration.ofSeconds(5);
        private Duration cacheGrace = Duration.ZERO;
        private int cacheSize = 10_000;
        private int maxConcurrentCalls = 16;

        private Builder() {}

        /** One or several; {@code /v3} is added if it is missing. */
        @JsonFormat(with = JsonFormat.Feature.ACCEPT_SINGLE_VALUE_AS_ARRAY)
        public Builder authUrl(String... urls) {
            this.authUrl = urls == null ? List.of() : Arrays.asList(urls);
            return this;
        }

        public Builder username(String name) {
            this.username = name;
            return this;
        }

        public Builder password(String text) {
            this.password = text;
            return this;
        }

        /** A file with the password on its first line; used if no password is set. */
        public Builder passwordFile(Path file) {
            this.passwordFile = file;
            return this;
        }

        public Builder userDomainName(String name) {
            this.userDomainName = name;
            return this;
        }

        public Builder projectName(String name) {
            this.projectName = name;
            return this;
        }

        public Builder projectDomainName(String name) {
            this.projectDomainName = name;
            return this;
        }

        public Builder regionName(String name) {
            this.regionName = name;
            return this;
        }

        /** {@code public}, {@code internal} or {@code admin}. */
        @JsonProperty("interface")
        public Builder interfaceName(String name) {
            this.interfaceName = name;
            return this;
        }

        public Builder cafile(Path file) {
            this.cafile = file;
            return this;
        }

        public Builder insecure(boolean on) {
            this.insecure = on;
            return this;
        }

        @JsonDeserialize(using = DurationText.class)
        public Builder timeout(Duration time) {
            this.timeout = time;
            return this;
        }

        public Builder mode(Mode how) {
            this.mode = how;
            return this;
        }

        public Builder askSigv2(boolean on) {
            this.askSigv2 = on;
            return this;
        }

        public Builder systemScope(boolean on) {
            this.systemScope = on;
            return this;
        }

        @JsonDeserialize(using = DurationText.class)
        public Builder cacheLifetime(Duration time) {
            this.cacheLifetime = time;
            return this;
        }

        @JsonDeserialize(using = DurationText.class)
        public Builder cacheMissLifetime(Duration time) {
            this.cacheMissLifetime = time;
            return this;
        }

        @JsonDeserialize(using = DurationText.class)
        public Builder cacheGrace(Duration time) {
            this.cacheGrace = time;
            return this;
        }

        public Builder cacheSize(int keys) {
            this.cacheSize = keys;
            return this;
        }

        public Builder maxConcurrentCalls(int calls) {
            this.maxConcurrentCalls = calls;
            return this;
        }

        /**
         * Completes what is not set from the process's environment.
         *
         * @throws IllegalArgumentException naming every setting that is missing or out of range
         */
        public KeystoneSettings build() {
            return build(System.getenv());
        }

        KeystoneSettings build(Map<String, String> environment) {
            List<String> wrong = new ArrayList<>();
            KeystoneSettings settings = new KeystoneSettings(
                    authUrls(environment, wrong),
                    required("username", username, environment.get("OS_USERNAME"), wrong),
                    Secret.of(password(environment, wrong)),
                    or(userDomainName, environment.get("OS_USER_DOMAIN_NAME"), "Default"),
                    required("project_name", projectName, environment.get("OS_PROJECT_NAME"), wrong),
                    or(projectDomainName, environment.get("OS_PROJECT_DOMAIN_NAME"), "Default"),
                    Optional.ofNullable(or(regionName, environment.get("OS_REGION_NAME"), null)),
                    endpointInterface(environment, wrong),
                    cafile(environment, wrong),
                    insecure != null ? insecure : Boolean.parseBoolean(environment.get("OS_INSECURE")),
                    atLeast("timeout", timeout, Duration.ofMillis(100), wrong),
                    present("mode", mode, wrong),
                    askSigv2,
                    systemScope,
                    atLeast("cache_lifetime", cacheLifetime, Duration.ofSeconds(1), wrong),
                    atLeast("cache_miss_lifetime", cacheMissLifetime, Duration.ZERO, wrong),
                    atLeast("cache_grace", cacheGrace, Duration.ZERO, wrong),
                    atLeast("cache_size", cacheSize, wrong),
                    atLeast("max_concurrent_calls", maxConcurrentCalls, wrong));
            if (!wrong.isEmpty()) {
                throw new IllegalArgumentException("Keystone settings: " + String.join("; ", wrong));
            }
            return settings;
        }

        private List<URI> authUrls(Map<String, String> environment, List<String> wrong) {
            List<String> texts = authUrl;
            if (texts.isEmpty() && environment.get("OS_AUTH_URL") != null) {
                texts = List.of(environment.get("OS_AUTH_URL").trim().split("[\\s,]+"));
            }
            if (texts.isEmpty()) {
                wrong.add("auth_url is missing (or OS_AUTH_URL in the environment)");
            }
            List<URI> urls = new ArrayList<>();
            for (String text : texts) {
                try {
                    urls.add(KeystoneUrl.versioned(text == null ? "" : text));
                } catch (IllegalArgumentException unfit) {
                    wrong.add("auth_url " + unfit.getMessage());
                }
            }
            return urls;
        }

        private String password(Map<String, String> environment, List<String> wrong) {
            if (password == null && passwordFile != null) {
                return firstLine(passwordFile, wrong);
            }
            String text = or(password, environment.get("OS_PASSWORD"), "");
            if (text.isEmpty()) {
                wrong.add("password is missing (or password_file, or OS_PASSWORD in the environment)");
            }
            return text;
        }

        private static String firstLine(Path passwordFile, List<String> wrong) {
            try {
                String text = Files.readString(passwordFile, UTF_8)
                        .lines()
                        .findFirst()
                        .orElse("");
                if (text.isEmpty()) {
                    wrong.add("password_file " + passwordFile + " has no password on its first line");
                }
                return text;
            } catch (IOException unreadable) {
                wrong.add("password_file " + passwordFile + " cannot be read: " + unreadable);
                return "";
            }
        }

        private Optional<String> endpointInterface(Map<String, String> environment, List<String> wrong) {
            String name = or(interfaceName, environment.get("OS_INTERFACE"), null);
            if (name == null) {
                return Optional.empty();
            }
            // openstackclient also accepts internalURL.
            String plain = name.endsWith("URL") ? name.substring(0, name.length() - 3) : name;
            if (!INTERFACES.contains(plain)) {
                wrong.add("interface '" + name + "' is none of public, internal, admin");
            }
            return Optional.of(plain);
        }

        private Optional<Path> cafile(Map<String, String> environment, List<String> wrong) {
            Path file = cafile;
            if (file == null && environment.get("OS_CACERT") != null) {
                file = Path.of(environment.get("OS_CACERT"));
            }
            if (file != null && !Files.isReadable(file)) {
                wrong.add("cafile " + file + " cannot be read");
            }
            return Optional.ofNullable(file);
        }

        private static String required(String name, String set, String fromEnvironment, List<String> wrong) {
            String text = or(set, fromEnvironment, "");
            if (text.isEmpty()) {
                wrong.add(name + " is missing (or OS_" + name.toUpperCase(Locale.ROOT) + " in the environment)");
            }
            return text;
        }

        private static String or(String set, String fromEnvironment, String otherwise) {
            if (set != null) {
                return set;
            }
            return fromEnvironment != null && !fromEnvironment.isEmpty() ? fromEnvironment : otherwise;
        }

        private static <T> T present(String name, T value, List<String> wrong) {
            if (value == null) {
                wrong.add(name + " has no value");
            }
            return value;
        }

        private static Duration atLeast(String name, Duration time, Duration least, List<String> wrong) {
            if (present(name, time, wrong) != null && time.compareTo(least) < 0) {
                wrong.add(name + " is " + time.toMillis() + " ms, must be " + least.toMillis() + " ms or more");
            }
            return time;
        }

        private static int atLeast(String name, int number, List<String> wrong) {
            if (number < 1) {
                wrong.add(name + " is " + number + ", must be 1 or more");
            }
            return number;
        }
    }
}
