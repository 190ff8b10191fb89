package io.pataka.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dropwizard.configuration.ConfigurationException;
import io.dropwizard.configuration.FileConfigurationSourceProvider;
import io.dropwizard.core.server.DefaultServerFactory;
import io.dropwizard.core.setup.Bootstrap;
import io.dropwizard.jetty.HttpConnectorFactory;
import io.dropwizard.util.DataSize;
import io.pataka.keystone.BarbicanSettings;
import io.pataka.keystone.KeystoneSettings;
import io.pataka.service.access.cors.CorsRule;
import io.pataka.service.http.HttpsPemConnectorFactory;
import io.pataka.service.http.S3ServerDefaults;
import io.pataka.service.http.WebsiteHosts;
import io.pataka.service.metadata.DatabaseSettings;
import io.pataka.service.model.EncryptionChoice;
import io.pataka.service.operation.EncryptionRules;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.eclipse.jetty.http.UriCompliance;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigurationTest {

    private static final String LEAST = """
        database: {url: "jdbc:mariadb://localhost/pataka", user: u, password: p}
        volumes: [{number: 1, path: /srv/v1}]
        credentials: {localFile: /etc/pataka/credentials}
        """;

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"pataka.yml", "pataka-dev.yml"})
    void theSettingsThatWeShipAreRight(String name) throws Exception {
        PatakaConfiguration settings = load(Path.of("..", "etc", name));
        assertThat(settings.volumes()).hasSize(1);
        assertThat(settings.region()).isEqualTo("us-east-1");
        assertThat(settings.initialiseVolumes()).isFalse();
    }

    /** The comments show the defaults: the settings are the same without the comment signs. */
    @Test
    void theDefaultsThatWeShowAreTheDefaults() throws Exception {
        String shipped = Files.readString(Path.of("..", "etc", "pataka.yml"));
        Path uncommented = Files.writeString(
                folder.resolve("all.yml"),
                shipped.replaceAll(
                                "(?m)^# (region|initialiseVolumes|keystone|roles|objectOwnership|cors|websites|limits|clients|encryption|notifications|jobs|cephAdmin|lifecycle):",
                                "$1:")
                        // These values are examples, or depend on the machine.
                        .replaceAll("(?m)^#   (cafile|port):.*$", "")
                        .replaceAll("(?m)^#   (\\w+): (\\[.*\\]|\\S+).*$", "  $1: $2")
                        .replaceAll("(?m)^#   (kms|delivery):.*$", "  $1:")
                        .replaceAll("(?m)^#     (barbican|oslo):.*$", "    $1:")
                        .replaceAll(
                                "(?m)^#     (keysFile|threads|eventsPerTopic|timeToLive|maxRetries|retryPause|privateNetworks"
                                        + "|allowedNetworks|deniedNetworks|certificateAuthorities): (\\S+).*$",
                                "    $1: $2")
                        .replaceAll("(?m)^#       (\\w+): (\\S+).*$", "      $1: $2")
                        .replaceAll(
                                "(?m)^( +)# (connections|connectTimeout|answerTimeout|storageClasses|transitionsOnly|order"
                                        + "|signatureV2|strictRegion|idleTimeout|useForwardedHeaders|useProxyProtocol|maxThreads):",
                                "$1$2:"));
        PatakaConfiguration all = load(uncommented);
        PatakaConfiguration plain = load(Path.of("..", "etc", "pataka.yml"));
        assertThat(Files.readString(uncommented))
                .contains("\n  scrubEvery: 14d\n", "\n  order: [local]\n", "\n  admins: [", "\n  cache_grace: 0s\n");
        assertThat(all.roles()).isEqualTo(plain.roles());
        assertThat(all.bucketRules()).isEqualTo(plain.bucketRules());
        assertThat(all.objectRules()).isEqualTo(plain.objectRules());
        assertThat(all.reserve()).isEqualTo(plain.reserve());
        assertThat(all.jobs()).isEqualTo(plain.jobs());
        assertThat(all.lifecycle()).isEqualTo(plain.lifecycle());
        assertThat(all.cephAdmin().accessKeys()).containsExactly("CEILOMETER");
        assertThat(plain.notifications()).isEqualTo(new NotificationSettings(null, null, null));
        assertThat(all.notifications())
                .isEqualTo(new NotificationSettings(
                        null,
                        null,
                        new DeliverySettings(
                                null,
                                null,
                                null,
                                null,
                                null,
                                null,
                                null,
                                null,
                                Path.of("/etc/pataka/authorities"),
                                new DeliverySettings.Oslo(
                                        "rabbit://user:password@host:5672/virtual-host",
                                        null,
                                        "cloud.pem",
                                        null,
                                        null,
                                        null,
                                        null,
                                        null))));
        assertThat(all.encryption().rules()).isEqualTo(plain.encryption().rules());
        assertThat(all.encryption().keyRing()).contains(Path.of("/etc/pataka/keyring.yml"));
        assertThat(plain.encryption().kms()).isEqualTo(KmsSettings.NONE);
        assertThat(all.encryption().kms().staticKeys()).contains(Path.of("/etc/pataka/kms.yml"));
        assertThat(all.encryption().kms().barbican())
                .isEqualTo(new KmsSettings.Barbican(
                        URI.create("https://key-manager.example.org:9311"), null, null, null, null, null));
        assertThat(all.signatures()).isEqualTo(plain.signatures());
        assertThat(all.credentials()).isEqualTo(plain.credentials());
        assertThat(all.volumes()).isEqualTo(plain.volumes());
        assertThat(all.database()).isEqualTo(plain.database());
        assertThat(all.siteCors())
                .isEqualTo(load(LEAST + "cors: {allowedOrigins: ['https://dashboard.example.org']}")
                        .siteCors());
        assertSameDefaults(all.keystone().orElseThrow(), leastOfKeystone());
        assertThat(connector(all).getIdleTimeout()).isEqualTo(connector(plain).getIdleTimeout());
        assertThat(server(all).getMaxThreads()).isEqualTo(server(plain).getMaxThreads());
    }

    @Test
    void refusesSettingsOfNotificationsThatCannotBeMeant() {
        assertThatThrownBy(() -> load(LEAST + "notifications: {delivery: {allowedNetworks: [10.0.0.0/40]}}"))
                .hasMessageContaining("notifications.delivery.allowedNetworks or deniedNetworks");
        assertThatThrownBy(() -> load(LEAST + "notifications: {delivery: {deniedNetworks: [host.example]}}"))
                .hasMessageContaining("notifications.delivery.allowedNetworks or deniedNetworks");
        assertThatThrownBy(() -> load(LEAST + "notifications: {delivery: {oslo: {url: 'amqp://u:secret@host'}}}"))
                .hasMessageContaining("notifications.delivery.oslo.url must be rabbit://")
                .hasMessageNotContaining("secret");
        assertThatThrownBy(() -> load(LEAST + "notifications: {delivery: {oslo: {url: 'rabbit://h', projects: ['']}}}"))
                .hasMessageContaining("projects");
        assertThatThrownBy(() -> load(LEAST + "notifications: {delivery: {oslo: {url: 'rabbit://h', meters: often}}}"))
                .hasMessageContaining("notifications.delivery.oslo.meters");
        assertThatThrownBy(() -> load(LEAST + "notifications: {delivery: {threads: 0}}"))
                .hasMessageContaining("threads");
    }

    @Test
    void readsTheSettingsOfBarbican() throws Exception {
        String keystone = "keystone: {auth_url: 'http://k', username: u, password: p, project_name: s}\n";
        KmsSettings.Barbican least = load(LEAST + keystone + "encryption: {kms: {barbican: {}}}")
                .encryption()
                .kms()
                .barbican();
        assertThat(least.settings()).isEqualTo(BarbicanSettings.STANDARD);
        assertThat(least.bindKeysToProjects()).isTrue();

        assertThatThrownBy(() -> load(LEAST + "encryption: {kms: {barbican: {}}}"))
                .hasMessageContaining("encryption.kms.barbican is set, so the section keystone must be there");
        assertThatThrownBy(() -> load(LEAST + keystone + "encryption: {kms: {barbican: {url: 'ftp://b'}}}"))
                .hasMessageContaining("encryption.kms.barbican.url is not an http or https URL");
        assertThatThrownBy(() -> load(LEAST + keystone + "encryption: {kms: {barbican: {timeout: 1ms}}}"))
                .hasMessageContaining("encryption.kms.barbican.timeout");
        assertThatThrownBy(() -> load(LEAST + keystone + "encryption: {kms: {barbican: {cacheLifetime: 0s}}}"))
                .hasMessageContaining("encryption.kms.barbican.cacheLifetime");
    }

    private KeystoneSettings leastOfKeystone() throws Exception {
        return load(LEAST + "keystone: {auth_url: 'http://k', username: u, password: p, project_name: s}")
                .keystone()
                .orElseThrow();
    }

    private static void assertSameDefaults(KeystoneSettings shown, KeystoneSettings least) {
        assertThat(shown)
                .usingRecursiveComparison()
                .ignoringFields("authUrls", "username", "password", "projectName", "regionName", "interfaceName")
                .isEqualTo(least);
    }

    @Test
    void onlyTheDatabaseMustBeSet() throws Exception {
        PatakaConfiguration settings = load(LEAST);
        assertThat(settings.database()).isEqualTo(new DatabaseSettings("jdbc:mariadb://localhost/pataka", "u", "p"));
        assertThat(settings.initialiseVolumes()).isFalse();
        assertThat(settings.keystone()).isEmpty();
        assertThat(settings.signatures().version2()).isTrue();
    }

    @Test
    void nothingIsEncryptedUnlessAskedFor() throws Exception {
        assertThat(load(LEAST).encryption().rules()).isEqualTo(new EncryptionRules(Optional.empty(), true));
        assertThat(load(LEAST).encryption().keyRing()).isEmpty();
    }

    @Test
    void encryptsByDefaultOnlyWithAKeyRing() throws Exception {
        assertThat(load(LEAST + "encryption: {default: AES256, keyRing: /etc/ring, requireTls: false}")
                        .encryption()
                        .rules())
                .isEqualTo(new EncryptionRules(Optional.of(new EncryptionChoice.S3()), false));
        assertThatThrownBy(() -> load(LEAST + "encryption: {default: AES256}"))
                .hasMessageContaining("encryption.default is AES256, so encryption.keyRing must be set");
        assertThatThrownBy(() -> load(LEAST + "encryption: {default: aes, keyRing: /etc/ring}"))
                .hasMessageContaining("encryption.default is none or AES256");
    }

    @Test
    void pagesOfOtherOriginsGetNothingUnlessSet() throws Exception {
        assertThat(load(LEAST).siteCors().rules()).isEmpty();
        assertThat(load(LEAST + "cors: {allowedOrigins: ['https://*.example.org', '*'], maxAge: 1h}")
                        .siteCors()
                        .rules())
                .singleElement()
                .isEqualTo(new CorsRule(
                        Optional.empty(),
                        List.of("GET", "HEAD", "PUT", "POST", "DELETE"),
                        List.of("https://*.example.org", "*"),
                        List.of("*"),
                        List.of("ETag", "x-amz-request-id", "x-amz-version-id"),
                        Optional.of(3600)));
    }

    @Test
    void takesValuesFromOutside() throws Exception {
        System.setProperty("PATAKA_TEST_REGION", "akl-1");
        try {
            assertThat(load(LEAST + "region: ${PATAKA_TEST_REGION:-other}").region())
                    .isEqualTo("akl-1");
        } finally {
            System.clearProperty("PATAKA_TEST_REGION");
        }
        assertThat(load(LEAST + "region: ${PATAKA_TEST_REGION:-other}").region())
                .isEqualTo("other");
        assertThatThrownBy(() -> load(LEAST + "region: ${PATAKA_TEST_REGION}"))
                .hasMessageContaining("PATAKA_TEST_REGION");
    }

    @Test
    void bindsKeystoneUnderItsOwnNames() throws Exception {
        PatakaConfiguration settings = load("""
            database: {url: "jdbc:mariadb://localhost/pataka", user: u, password: p}
            volumes: [{number: 1, path: /srv/v1}]
            credentials: {order: [keystone]}
            keystone:
              auth_url: http://keystone:5000/v3
              username: pataka
              password: secret
              project_name: service
              cache_lifetime: 30s
            """);
        assertThat(settings.keystone().orElseThrow().cacheLifetime()).hasSeconds(30);
        assertThat(settings.keystone().orElseThrow().toString()).doesNotContain("secret");
    }

    @Test
    void storageClassesAreInTheOrderInWhichTheVolumesNameThem() throws Exception {
        PatakaConfiguration settings = load(LEAST.replaceFirst("(?m)^volumes:.*$", """
                volumes:
                  - {number: 5, path: /e, storageClasses: [ONEZONE_IA, GLACIER_IR], transitionsOnly: true}
                  - {number: 1, path: /a, storageClasses: [STANDARD_IA, STANDARD]}
                  - {number: 2, path: /b, storageClasses: [STANDARD, ZETA, ALPHA]}
                  - {number: 3, path: /c}
                  - {number: 4, path: /d, storageClasses: []}"""));

        assertThat(settings.storageClasses())
                .containsExactly("STANDARD", "ONEZONE_IA", "GLACIER_IR", "STANDARD_IA", "ZETA", "ALPHA");
        assertThat(settings.objectRules().storageClasses())
                .as("what clients may name")
                .containsExactlyInAnyOrder("STANDARD", "STANDARD_IA", "ZETA", "ALPHA");
        assertThat(settings.transitionClasses()).containsExactlyInAnyOrder("ONEZONE_IA", "GLACIER_IR");
        assertThat(settings.volumeSettings().get(0).storageClasses())
                .containsExactlyInAnyOrder("ONEZONE_IA", "GLACIER_IR");
        assertThat(load(LEAST).storageClasses()).containsExactly("STANDARD");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "region: Not a region | region must be 1 to 63",
                "domains: ['https://s3'] | must be a host name",
                "domains: [null] | domains[0] must not be null",
                "volumes: [] | volumes must not be empty",
                "volumes: [null] | volumes[0] must not be null",
                "volumes: [{path: /a}] | volumes[0].number must not be null",
                "volumes: [{number: 1, path: ''}] | volumes[0].path must not be empty",
                "volumes: [{number: 1, path: /a, storageClasses: [STANDARD, null]}] | volumes[0].storageClasses[1] must"
                        + " not be null",
                "volumes: [{number: 1, path: /a, storageClasses: [STANDARD, 'A B']}] | volumes[0].storageClasses[1] must"
                        + " be 1 to 64 letters, digits, dashes and underscores",
                "volumes: [{number: 1, path: /a, storageClasses: [STANDARD, STANDARD]}] | volumes[0].storageClasses must"
                        + " only contain unique elements",
                "volumes: [{number: 1, path: /a, transitionsOnly: true}] | none of them takes the storage class STANDARD"
                        + " from clients",
                "volumes: [{number: 1, path: /a, transitionsOnly: perhaps}] | volumes[0].transitionsOnly is 'perhaps',"
                        + " must be true or false",
                "volumes: [{number: 1, path: /a, storageClasses: [STANDARD, COLD]}, {number: 2, path: /b, storageClasses:"
                        + " [COLD], transitionsOnly: true}] | volumes: a storage class is on a volume with"
                        + " transitionsOnly and on one without",
                "volumes: [{number: 1, path: /a}, {number: 2, path: /b/../a}] | volumes: two of them have one number or one"
                        + " path",
                "volumes: [{number: 70000, path: /a}] | volumes[0].number must be less than or equal to 65535",
                "volumes: [{number: 1, path: /a}, {number: 1, path: /b}] | volumes: two of them have one number or one"
                        + " path",
                "volumes: [{number: 1, path: /a, storageClasses: [COLD]}] | none of them takes the storage class"
                        + " STANDARD",
                "credentials: {} | credentials.localFile must be set",
                "credentials: {localFile: ''} | credentials.localFile must be set",
                "credentials: {order: [local, local], localFile: /a} | credentials.order must only contain unique elements",
                "credentials: {order: []} | credentials.order must not be empty",
                "credentials: {order: [keystone]} | the section keystone must be there",
                "credentials: {order: [ldap]} | credentials.order[0] is 'ldap', must be local or keystone",
                "credentials: {order: keystone} | credentials.order is 'keystone', must be a list",
                "credentials: 5 | credentials is '5', must be a section of settings",
                "credentials: {signatureV2: perhaps} | credentials.signatureV2 is 'perhaps', must be true or false",
                "initialiseVolumes: perhaps | initialiseVolumes is 'perhaps', must be true or false",
                "keystone: {mode: fast} | keystone.mode is 'fast', must be cached or ask",
                "keystone: {timeout: soon} | keystone.timeout is 'soon', must be a time such as 500ms",
                "keystone: {cache_size: many} | keystone.cache_size is 'many', must be a whole number",
                "keystone: {authurl: 'http://k'} | keystone.authurl is not a setting. Did you mean auth_url? There are: ask_sigv2,",
                "keystone: {auth_url: 'http://k:5000', interface: secret} | keystone: interface 'secret' is none of public,",
                "server: {applicationConnectors: [{type: https-pen}]} | server.applicationConnectors[0]: type is"
                        + " 'https-pen', must be one of: http, https, https-pem",
                "server: {applicationConnectors: [{type: http, port: x}]} | server.applicationConnectors[0].port is 'x',"
                        + " must be a whole number",
                "server: {applicationConnectors: [{type: https-pem, port: 1}]} |"
                        + " server.applicationConnectors[0].certificate must not be null",
                "logging: {level: LOUD} | logging.level or a level in logging.loggers is none of OFF, ERROR",
                "logging: {loggers: {io.pataka: LOUD}} | logging.level or a level in logging.loggers is none of OFF, ERROR",
                "roles: {writers: [null]} | roles.writers[] must not be blank",
                "limits: {bucketsPerProject: many} | limits.bucketsPerProject is 'many', must be a whole number",
                "limits: {bucketsPerProject: -1} | limits.bucketsPerProject must be greater than or equal to 0",
                "limits: {putSize: 5 potatoes} | limits.putSize is '5 potatoes', must be a size such as 64KiB",
                "quotas: {project: {bytes: much}} | quotas.project.bytes is 'much', must be a size such as 64KiB",
                "quotas: {bucket: {objects: -1}} | quotas.bucket.objects must be greater than or equal to 0",
                "quotas: {bucket: {}} | quotas: a quota sets bytes, or objects, or both",
                "clients: {patience: 0s} | clients.patience must be greater than or equal to 1 SECONDS",
                "clients: {readerPause: 10ms} | clients.readerPause must be greater than or equal to 1 SECONDS",
                "clients: {anonymousRequests: 0} | clients.anonymousRequests must be greater than or equal to 1",
                "clients: {documentMemory: 1KiB} | clients.documentMemory must be greater than or equal to 1 MEBIBYTES",
                "clients: {minResponseRate: fast} | clients.minResponseRate",
                "jobs: {collectAfter: soon} | jobs.collectAfter is 'soon', must be a time such as 500ms",
                "jobs: {collectAfter: 1s} | jobs.collectAfter must be greater than or equal to 1 MINUTES",
                "jobs: {sweepAfter: 1m} | jobs.sweepAfter must be greater than or equal to 1 HOURS",
                "lifecycle: {day: 0s} | lifecycle.day must be greater than or equal to 1 SECONDS",
                "lifecycle: {day: 25h} | lifecycle.day must be less than or equal to 24 HOURS",
                "jobs: {scrubEvery: 0s} | jobs.scrubEvery must be greater than or equal to 1 HOURS",
                "keystone: {auth_url: 'http://k:5000/v3'} | keystone: username is missing",
                "database: {url: '', user: u, password: p} | database.url must be jdbc:mariadb://",
                "database: {url: 'jdbc:mysql://h/p', user: u, password: p} | database.url must be jdbc:mariadb://",
                "database: {url: 'jdbc:mariadb:sequential://h/p', user: u, password: p} | database.url must name one",
                "database: {url: 'jdbc:mariadb://h,i/p', user: u, password: p} | database.url must name one server",
                "database: {url: 'jdbc:mariadb://h/p', user: u, password: p, connectTimeout: 0s} | database.connectTimeout"
                        + " must be greater than or equal to 100 MILLISECONDS",
                "database: {url: 'jdbc:mariadb://h/p', user: u, password: p, answerTimeout: 1ms} | database.answerTimeout"
                        + " must be greater than or equal to 100 MILLISECONDS",
                "cors: {allowedMethods: [GET]} | cors.allowedOrigins must not be empty",
                "cors: {allowedOrigins: ['https://a/']} | cors.allowedOrigins[0] must be * or an origin",
                "cors: {allowedOrigins: ['https://*.*']} | must be * or an origin",
                "cors: {allowedOrigins: ['*'], allowedMethods: [PATCH]} | must be GET, HEAD, PUT, POST or DELETE",
                "cors: {allowedOrigins: ['*'], allowedHeaders: ['x-*-*']} | must be the name of a header, with at most one *",
                "cors: {allowedOrigins: ['*'], exposedHeaders: ['*']} | must be the name of a header, without *",
                "cors: {allowedOrigins: ['*'], maxAge: soon} | cors.maxAge is 'soon', must be a time such as 500ms",
                "cors: {allowedOrigins: ['*'], maxAge: 99999d} | cors.maxAge must be less than or equal to 365 DAYS",
                "websites: {} | websites: set domains, or port, or both",
                "websites: {domains: ['http://w']} | must be a host name without a port",
                "websites: {domains: [192.0.2.1]} | must be a host name without a port",
                "websites: {domains: [null]} | websites.domains[0] must not be null",
                "websites: {port: 0} | websites.port must be greater than or equal to 1",
                "websites: {port: 8082} | websites.port: no connector in server.applicationConnectors has this port",
                "regoin: us-east-1 | regoin is not a setting. Did you mean region? There are: acceptRestoredDatabase, admin,"
            })
    void namesTheSettingThatIsWrong(String line, String message) {
        String section = line.substring(0, line.indexOf(':') + 1);
        String rest = LEAST.lines()
                .filter(other -> !other.startsWith(section))
                .reduce("", (all, other) -> all + other + "\n");
        assertThatThrownBy(() -> load(rest + line))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining(message)
                .satisfies(thrown -> assertThat(thrown.getMessage().lines())
                        .allSatisfy(fault -> assertThat(fault)
                                .startsWith(folder.resolve("settings.yml") + ": ")
                                .doesNotContain("io.pataka", "java.", "Source:", "reference chain", "<")));
    }

    /** A request is for S3 or for a website, and no bucket's name may change which. */
    @ParameterizedTest
    @CsvSource({
        "s3.example.org, s3.example.org",
        "s3.example.org, S3.EXAMPLE.ORG",
        "s3.example.org, web.s3.example.org",
        "s3.example.org, example.org",
        "s3.web.example.org, web.example.org"
    })
    void aHostOfS3CannotBeAWebsite(String s3, String website) {
        assertThatThrownBy(() -> load(LEAST + "domains: [" + s3 + "]\nwebsites: {domains: [" + website + "]}"))
                .hasMessageContaining("websites.domains: one of them is, or is below, or is above one of domains");
    }

    @Test
    void websitesMayHaveDomainsAndAPortOfTheirOwn() throws Exception {
        PatakaConfiguration settings = load(LEAST + """
            domains: [s3.example.org]
            websites: {domains: [s3-website.example.org], port: 8082}
            server: {applicationConnectors: [{type: http, port: 8080}, {type: http, port: 8082}]}
            """);
        assertThat(settings.websiteHosts()).isNotSameAs(WebsiteHosts.NONE);
        assertThat(load(LEAST).websiteHosts()).isSameAs(WebsiteHosts.NONE);
    }

    @Test
    void namesTheLineThatIsNotYaml() {
        assertThatThrownBy(() -> load("region: [us-east-1\nvolumes: }"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("line: 2")
                .satisfies(thrown -> assertThat(thrown.getMessage().lines()).hasSize(1));
        assertThatThrownBy(() -> load("")).isInstanceOf(ConfigurationException.class);
        assertThatThrownBy(() -> load("region")).hasMessageContaining("the file is 'region', must be a section");
    }

    @Test
    void noSettingChangesWhatKeysAndBodiesNeed() throws Exception {
        PatakaConfiguration settings = load(LEAST + """
            server:
              gzip: {enabled: true}
              enableThreadNameFilter: true
              requestLog: {appenders: [{type: console}]}
              applicationConnectors:
                - {type: http, port: 0, uriCompliance: RFC3986, inputBufferSize: 1KiB, maxRequestHeaderSize: 1KiB}
                - {type: https-pem, port: 0, certificate: c.pem, privateKey: k.pem, maxRequestHeaderSize: 1MiB}
            """);
        S3ServerDefaults.applyTo(settings.getServerFactory());
        assertThat(server(settings).getGzipFilterFactory().isEnabled()).isFalse();
        assertThat(server(settings).getRequestLogFactory().isEnabled()).isFalse();
        assertThat(connector(settings).getUriCompliance()).isEqualTo(UriCompliance.UNSAFE);
        assertThat(connector(settings).getInputBufferSize()).isEqualTo(DataSize.kibibytes(64));
        assertThat(connector(settings).getMaxRequestHeaderSize()).isEqualTo(DataSize.kibibytes(64));
        HttpsPemConnectorFactory https = (HttpsPemConnectorFactory)
                server(settings).getApplicationConnectors().get(1);
        assertThat(https.getUriCompliance()).isEqualTo(UriCompliance.UNSAFE);
        assertThat(https.getMaxRequestHeaderSize()).isEqualTo(DataSize.mebibytes(1));
        assertThat(https.isDisableSniHostCheck()).isTrue();
    }

    @Test
    void theAdminPortIsForThisMachineUnlessTheSettingsSayOtherwise() throws Exception {
        assertThat(adminHost("{}")).isEqualTo("127.0.0.1");
        assertThat(adminHost("{adminConnectors: [{type: http, port: 8081}]}")).isEqualTo("127.0.0.1");
        assertThat(adminHost("{adminConnectors: [{type: http, bindHost: 0.0.0.0, port: 8081}]}"))
                .isEqualTo("0.0.0.0");
    }

    private String adminHost(String server) throws Exception {
        PatakaConfiguration settings = load(LEAST + "server: " + server + "\n");
        S3ServerDefaults.applyTo(settings.getServerFactory());
        return ((HttpConnectorFactory) server(settings).getAdminConnectors().get(0)).getBindHost();
    }

    @Test
    void refusesAServerWhoseAdminPortIsTheClients() throws Exception {
        PatakaConfiguration settings = load(LEAST + "server: {type: simple, connector: {type: http, port: 0}}");
        assertThatThrownBy(() -> S3ServerDefaults.applyTo(settings.getServerFactory()))
                .hasMessageContaining("server.type");
    }

    private static DefaultServerFactory server(PatakaConfiguration settings) {
        return (DefaultServerFactory) settings.getServerFactory();
    }

    private static HttpConnectorFactory connector(PatakaConfiguration settings) {
        return (HttpConnectorFactory)
                server(settings).getApplicationConnectors().get(0);
    }

    private PatakaConfiguration load(String yaml) throws Exception {
        return load(Files.writeString(folder.resolve("settings.yml"), yaml));
    }

    private static PatakaConfiguration load(Path file) throws Exception {
        PatakaApplication application = new PatakaApplication();
        Bootstrap<PatakaConfiguration> bootstrap = new Bootstrap<>(application);
        bootstrap.setConfigurationSourceProvider(new FileConfigurationSourceProvider());
        application.initialize(bootstrap);
        return bootstrap
                .getConfigurationFactoryFactory()
                .create(
                        PatakaConfiguration.class,
                        bootstrap.getValidatorFactory().getValidator(),
                        bootstrap.getObjectMapper(),
                        "dw.test")
                .build(bootstrap.getConfigurationSourceProvider(), file.toString());
    }
}
