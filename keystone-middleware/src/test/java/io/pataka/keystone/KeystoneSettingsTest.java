package io.pataka.keystone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import io.pataka.keystone.KeystoneSettings.Mode;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeystoneSettingsTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path directory;

    private static KeystoneSettings.Builder complete() {
        return KeystoneSettings.builder()
                .authUrl("https://keystone.example:5000/v3")
                .username("pataka")
                .password("hush")
                .projectName("service");
    }

    @Test
    void bindsKeystoneauthsNames() throws Exception {
        KeystoneSettings settings = JSON.readValue("""
                {"auth_url": "https://one.example:5000", "username": "pataka", "password": "hush",
                 "user_domain_name": "Services", "project_name": "service", "project_domain_name": "Projects",
                 "region_name": "RegionOne", "interface": "internal", "insecure": true, "timeout": 4,
                 "mode": "ask", "ask_sigv2": true, "system_scope": false, "cache_lifetime": "2m",
                 "cache_miss_lifetime": "250ms", "cache_grace": "1d", "cache_size": 5, "max_concurrent_calls": 3}
                """, KeystoneSettings.class);

        assertThat(settings.authUrls()).containsExactly(URI.create("https://one.example:5000/v3"));
        assertThat(settings.username()).isEqualTo("pataka");
        assertThat(settings.password()).isEqualTo(Secret.of("hush"));
        assertThat(settings.userDomainName()).isEqualTo("Services");
        assertThat(settings.projectName()).isEqualTo("service");
        assertThat(settings.projectDomainName()).isEqualTo("Projects");
        assertThat(settings.regionName()).contains("RegionOne");
        assertThat(settings.interfaceName()).contains("internal");
        assertThat(settings.insecure()).isTrue();
        assertThat(settings.timeout()).isEqualTo(Duration.ofSeconds(4));
        assertThat(settings.mode()).isEqualTo(Mode.ASK);
        assertThat(settings.askSigv2()).isTrue();
        assertThat(settings.systemScope()).isFalse();
        assertThat(settings.cacheLifetime()).isEqualTo(Duration.ofMinutes(2));
        assertThat(settings.cacheMissLifetime()).isEqualTo(Duration.ofMillis(250));
        assertThat(settings.cacheGrace()).isEqualTo(Duration.ofDays(1));
        assertThat(settings.cacheSize()).isEqualTo(5);
        assertThat(settings.maxConcurrentCalls()).isEqualTo(3);
    }

    @Test
    void bindsAListOfAuthUrls() throws Exception {
        KeystoneSettings settings = JSON.readValue("""
                {"auth_url": ["http://one.example/identity/", "http://two.example/identity/v3"],
                 "username": "u", "password": "p", "project_name": "s"}
                """, KeystoneSettings.class);
        assertThat(settings.authUrls())
                .containsExactly(
                        URI.create("http://one.example/identity/v3"), URI.create("http://two.example/identity/v3"));
    }

    @Test
    void refusesASettingItDoesNotKnow() {
        assertThatThrownBy(() -> JSON.readValue("{\"auth_uri\": \"http://x\"}", KeystoneSettings.class))
                .hasMessageContaining("auth_uri");
    }

    @Test
    void namesTheSettingWhoseTimeIsMalformed() {
        assertThatThrownBy(() -> JSON.readValue("{\"cache_lifetime\": \"soon\"}", KeystoneSettings.class))
                .hasMessageContaining("cache_lifetime")
                .hasMessageContaining("soon");
        assertThatThrownBy(() -> JSON.readValue("{\"cache_grace\": \"99999999999999999999h\"}", KeystoneSettings.class))
                .hasMessageContaining("cache_grace");
    }

    @Test
    void namesTheSettingThatHasNoValue() {
        assertThatThrownBy(() -> JSON.readValue(
                        "{\"auth_url\": null, \"mode\": null, \"timeout\": null}", KeystoneSettings.class))
                .hasMessageContainingAll("auth_url is missing", "mode has no value", "timeout has no value");
        assertThatThrownBy(() -> JSON.readValue("{\"auth_url\": [null]}", KeystoneSettings.class))
                .hasMessageContaining("auth_url '' is not");
    }

    @Test
    void refusesPropertiesThatAreNoSettings() {
        assertThatThrownBy(() -> JSON.readValue("{\"build\": {\"OS_USERNAME\": \"u\"}}", KeystoneSettings.class))
                .isInstanceOf(UnrecognizedPropertyException.class)
                .hasMessageContaining("build");
    }

    @Test
    void takesWhatIsNotSetFromTheEnvironment() {
        KeystoneSettings settings = KeystoneSettings.builder()
                .username("set")
                .build(Map.of(
                        "OS_AUTH_URL", "http://one.example, http://two.example",
                        "OS_USERNAME", "ignored",
                        "OS_PASSWORD", "hush",
                        "OS_PROJECT_NAME", "service",
                        "OS_USER_DOMAIN_NAME", "Users",
                        "OS_REGION_NAME", "RegionTwo",
                        "OS_INTERFACE", "publicURL",
                        "OS_INSECURE", "true"));

        assertThat(settings.authUrls())
                .containsExactly(URI.create("http://one.example/v3"), URI.create("http://two.example/v3"));
        assertThat(settings.username()).isEqualTo("set");
        assertThat(settings.password()).isEqualTo(Secret.of("hush"));
        assertThat(settings.userDomainName()).isEqualTo("Users");
        assertThat(settings.projectDomainName()).isEqualTo("Default");
        assertThat(settings.regionName()).contains("RegionTwo");
        assertThat(settings.interfaceName()).contains("public");
        assertThat(settings.insecure()).isTrue();
    }

    @Test
    void namesEverySettingThatIsMissingOrWrong() {
        assertThatThrownBy(() -> KeystoneSettings.builder()
                        .authUrl("ftp://x", "http://x/v2.0")
                        .interfaceName("sideways")
                        .cafile(directory.resolve("absent.pem"))
                        .timeout(Duration.ZERO)
                        .cacheLifetime(Duration.ZERO)
                        .cacheSize(0)
                        .build(Map.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll(
                        "auth_url 'ftp://x'",
                        "version 2",
                        "username is missing",
                        "password is missing",
                        "project_name is missing",
                        "interface 'sideways'",
                        "cafile",
                        "timeout is 0 ms",
                        "cache_lifetime is 0 ms",
                        "cache_size is 0");
    }

    @Test
    void readsThePasswordFromTheFirstLineOfAFile() throws Exception {
        Path file = Files.writeString(directory.resolve("password"), "from a file\n");
        KeystoneSettings settings = KeystoneSettings.builder()
                .authUrl("http://x")
                .username("u")
                .projectName("p")
                .passwordFile(file)
                .build(Map.of("OS_PASSWORD", "ignored"));
        assertThat(settings.password()).isEqualTo(Secret.of("from a file"));

        assertThatThrownBy(() -> KeystoneSettings.builder()
                        .passwordFile(directory.resolve("none"))
                        .build(Map.of()))
                .hasMessageContaining("password_file");
        Path blank = Files.writeString(directory.resolve("blank"), "\n");
        assertThatThrownBy(() -> complete().password(null).passwordFile(blank).build(Map.of()))
                .hasMessageContaining("blank has no password");
        assertThatThrownBy(() -> complete().password("").build(Map.of())).hasMessageContaining("password is missing");
    }

    @Test
    void showsNoPasswordAsText() {
        assertThat(complete().build(Map.of()).toString()).contains("pataka").doesNotContain("hush");
    }

    @Test
    void refusesACafileWithoutACertificate() throws Exception {
        Path empty = Files.writeString(directory.resolve("empty.pem"), "");
        KeystoneSettings settings = complete().cafile(empty).build(Map.of());
        assertThatThrownBy(() -> KeystoneConnection.open(settings, KeystoneMetrics.NONE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("cafile");
    }
}
