package io.pataka.service.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.eq;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import io.dropwizard.core.Application;
import io.dropwizard.core.Configuration;
import io.dropwizard.core.server.DefaultServerFactory;
import io.dropwizard.core.setup.Environment;
import io.dropwizard.jetty.ConnectorFactory;
import io.dropwizard.jetty.HttpConnectorFactory;
import io.dropwizard.testing.DropwizardTestSupport;
import io.pataka.keystone.Ec2Credential;
import io.pataka.keystone.KeystoneIdentity;
import io.pataka.keystone.KeystoneIdentity.Named;
import io.pataka.keystone.Resolution;
import io.pataka.service.access.AccessGate;
import io.pataka.service.access.GranteeDirectory;
import io.pataka.service.access.ObjectOwnership;
import io.pataka.service.access.RoleRules;
import io.pataka.service.access.cors.BucketCors;
import io.pataka.service.access.cors.CorsRule;
import io.pataka.service.access.cors.CorsRules;
import io.pataka.service.auth.Authenticator;
import io.pataka.service.auth.PostFormAuthenticator;
import io.pataka.service.auth.SignatureRules;
import io.pataka.service.http.S3ErrorMapper.Outage;
import io.pataka.service.metadata.BucketCatalog;
import io.pataka.service.metadata.LogRecords;
import io.pataka.service.metadata.MetadataUnavailableException;
import io.pataka.service.metadata.ObjectIndex;
import io.pataka.service.model.Bucket;
import io.pataka.service.model.Bucket.Versioning;
import io.pataka.service.model.BucketName;
import io.pataka.service.model.DocumentKind;
import io.pataka.service.model.Owner;
import io.pataka.service.operation.Operation;
import io.pataka.service.operation.OperationCatalog;
import io.pataka.service.operation.service.AdminApi;
import io.pataka.service.operation.website.BucketWebsites;
import io.pataka.service.protocol.OperationRouter;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import io.pataka.service.protocol.S3Operation;
import io.pataka.service.traffic.LogRules;
import io.pataka.service.traffic.LogTarget;
import io.pataka.service.traffic.MemoryUsage;
import io.pataka.service.traffic.RequestBooks;
import io.pataka.service.traffic.RequestLog;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * The HTTP side of the server on free ports, with operations that the test makes. It accepts every signature, and every bucket
 * exists except {@code missing}. Register it with {@code @RegisterExtension}, in a static field for all tests of a class or in
 * an instance field for one test, or start and close it.
 */
final class EndpointServer
        implements BeforeAllCallback, AfterAllCallback, BeforeEachCallback, AfterEachCallback, AutoCloseable {

    /** The only page that may read answers. */
    static final String PAGE = "https://dashboard.test";

    /** How long a client waits for white space. */
    static final Duration WAIT = Duration.ofMillis(200);

    static final String DOMAIN = "s3.pataka.test";

    /** The defaults of the settings. */
    static final ClientLimits LIMITS =
            new ClientLimits(1024, 1024, Duration.ofSeconds(30), Duration.ofMinutes(2), 256, 64, 64 << 20);

    private static final int THREADS = 1024;

    private static final Owner PROJECT = new Owner("p1", "project");

    private final Map<S3Operation, Operation> operations = new ConcurrentHashMap<>();
    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final RequestLog requestLog = new RequestLog(buckets(), new LogsSome(), new Lines());
    private final MemoryUsage usage = new MemoryUsage();
    private final RequestBooks requestBooks = new RequestBooks(usage, Clock.systemUTC());
    private final ClientLimits limits;
    private final List<ConnectorFactory> connectors;
    private final int threads;
    private DropwizardTestSupport<Configuration> server;
    private boolean forOneTest;

    EndpointServer() {
        this(List.of(connector(new HttpConnectorFactory())), LIMITS, THREADS);
    }

    EndpointServer(List<ConnectorFactory> connectors, ClientLimits limits, int threads) {
        this.connectors = connectors;
        this.limits = limits;
        this.threads = threads;
    }

    EndpointServer start() throws Exception {
        DefaultServerFactory settings = new DefaultServerFactory();
        settings.setMaxThreads(threads);
        settings.setApplicationConnectors(connectors);
        settings.setAdminConnectors(List.of(connector(new HttpConnectorFactory())));
        Configuration configuration = new Configuration();
        configuration.setServerFactory(settings);
        DropwizardTestSupport<Configuration> starting =
                new DropwizardTestSupport<>(EndpointApplication.class, configuration) {
                    @Override
                    public Application<Configuration> newApplication() {
                        return new EndpointApplication();
                    }
                };
        starting.before();
        server = starting;
        return this;
    }

    @Override
    public void beforeAll(ExtensionContext context) throws Exception {
        start();
    }

    @Override
    public void afterAll(ExtensionContext context) {
        close();
    }

    @Override
    public void beforeEach(ExtensionContext context) throws Exception {
        if (server == null) {
            start();
            forOneTest = true;
        }
    }

    @Override
    public void afterEach(ExtensionContext context) {
        if (forOneTest) {
            close();
        }
    }

    static HttpConnectorFactory connector(HttpConnectorFactory factory) {
        factory.setPort(0);
        return factory;
    }

    EndpointServer on(S3Operation operation, Operation handler) {
        operations.put(operation, handler);
        return this;
    }

    /** The lines in the access logs of the buckets whose names begin with {@code logged}. */
    List<String> logged() {
        requestLog.drain();
        return List.copyOf(lines);
    }

    /** What was counted: account, bucket, category, then the counts. */
    List<String> counted() {
        requestBooks.write();
        return usage.lines();
    }

    int port() {
        return server.getLocalPort();
    }

    int adminPort() {
        return server.getAdminPort();
    }

    RawConnection connect() throws IOException {
        return new RawConnection(port());
    }

    /** The header lines that every request here needs: host, and a signature. */
    static String signed() {
        return "Host: localhost\r\nDate: "
                + DateTimeFormatter.RFC_1123_DATE_TIME.format(ZonedDateTime.now(ZoneOffset.UTC))
                + "\r\nAuthorization: AWS AKTEST:c2VjcmV0LXNpZ25hdHVyZQ==\r\n";
    }

    /** A request without a body. */
    static String request(String methodAndPath, String... headerLines) {
        StringBuilder text =
                new StringBuilder(methodAndPath).append(" HTTP/1.1\r\n").append(signed());
        for (String line : headerLines) {
            text.append(line).append("\r\n");
        }
        return text.append("\r\n").toString();
    }

    void stop() throws Exception {
        server.getEnvironment().getApplicationContext().getServer().stop();
    }

    @Override
    public void close() {
        if (server != null) {
            server.after();
            server = null;
        }
    }

    private static final class LogsSome implements LogRules {

        @Override
        public Optional<LogTarget> target(Bucket source) {
            return source.name().text().startsWith("logged")
                    ? Optional.of(new LogTarget(source, new BucketName("log"), "", Duration.ofMinutes(5)))
                    : Optional.empty();
        }

        @Override
        public boolean admits(LogTarget target) {
            return true;
        }
    }

    private final class Lines implements LogRecords {

        @Override
        public int add(List<LogLine> added) {
            added.forEach(line -> lines.add(new String(line.line(), US_ASCII)));
            return added.size();
        }
    }

    private final class EndpointApplication extends Application<Configuration> {

        @Override
        public void run(Configuration configuration, Environment environment) {
            S3ServerDefaults.applyTo(configuration.getServerFactory());
            OperationCatalog catalog = new OperationCatalog();
            for (S3Operation operation : S3Operation.all()) {
                catalog.register(operation, call -> {
                    Operation handler = operations.get(operation);
                    if (handler == null) {
                        throw new S3Exception(S3Error.NO_SUCH_KEY);
                    }
                    return handler.perform(call);
                });
            }
            Authenticator authenticator = new Authenticator(
                    proof -> granted(proof.accessKey()), SignatureRules.standard(), Clock.systemUTC());
            S3ResponseWriter writer = new S3ResponseWriter("RegionOne", limits);
            CorsHeaders corsHeaders = new CorsHeaders(new BucketCors(buckets(), site()));
            S3Endpoint endpoint = new S3Endpoint(
                    new S3RequestReader(new OperationRouter(), new BucketAddressing(List.of(DOMAIN))),
                    authenticator,
                    new PostFormAuthenticator(authenticator, Clock.systemUTC()),
                    new AccessGate(
                            buckets(),
                            mock(ObjectIndex.class),
                            RoleRules.standard(),
                            mock(GranteeDirectory.class),
                            Clock.systemUTC()),
                    catalog,
                    WebsiteHosts.NONE,
                    new BucketWebsites(buckets()),
                    new AdminApi(buckets(), requestBooks, Set.of(), Clock.systemUTC()),
                    corsHeaders,
                    limits,
                    new EarlyReplies(
                            environment
                                    .lifecycle()
                                    .scheduledExecutorService("early-reply-%d")
                                    .build(),
                            corsHeaders,
                            writer,
                            WAIT),
                    writer,
                    new S3ErrorMapper(List.of(new Outage(
                            MetadataUnavailableException.class, S3Error.SERVICE_UNAVAILABLE, Duration.ofSeconds(2)))),
                    new ExchangeRecords(requestLog, requestBooks, Clock.systemUTC()));
            ReadinessFilter readiness = new ReadinessFilter(
                    new BucketAddressing(List.of("s3.example.org")), WebsiteHosts.NONE, Optional::empty);
            new EndpointRegistration(endpoint, new AccessLog(Clock.systemUTC()), limits, readiness, List.of())
                    .register(environment);
        }
    }

    /** One origin may read what it likes. */
    private static CorsRules site() {
        return new CorsRules(List.of(
                new CorsRule(Optional.empty(), List.of("GET"), List.of(PAGE), List.of(), List.of(), Optional.empty())));
    }

    private static Resolution granted(String accessKey) {
        Named project = new Named(PROJECT.id(), PROJECT.displayName(), "default", "Default");
        Named user = new Named("u1", "user", "default", "Default");
        return new Resolution.Granted(new Ec2Credential(
                accessKey, Optional.empty(), new KeystoneIdentity(user, project, Set.of("member"), false)));
    }

    private static BucketCatalog buckets() {
        BucketCatalog buckets = mock(BucketCatalog.class);
        when(buckets.find(any())).thenAnswer(call -> {
            BucketName name = call.getArgument(0);
            return name.text().equals("missing")
                    ? Optional.empty()
                    : Optional.of(new Bucket(
                            1,
                            name,
                            PROJECT,
                            Clock.systemUTC().instant(),
                            Versioning.OFF,
                            false,
                            Optional.empty(),
                            false,
                            0));
        });
        when(buckets.findFresh(any())).thenReturn(Optional.empty());
        when(buckets.document(any(), any())).thenReturn(Optional.empty());
        when(buckets.document(any(), eq(DocumentKind.OWNERSHIP)))
                .thenReturn(Optional.of(ObjectOwnership.BUCKET_OWNER_ENFORCED.text()));
        return buckets;
    }
}
