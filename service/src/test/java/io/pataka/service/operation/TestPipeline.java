package io.pataka.service.operation;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.pataka.service.access.AccessGate;
import io.pataka.service.access.AdmittedCall;
import io.pataka.service.access.GranteeDirectory;
import io.pataka.service.access.LogTargets;
import io.pataka.service.access.ObjectOwnership;
import io.pataka.service.access.RoleRules;
import io.pataka.service.access.cors.BucketCors;
import io.pataka.service.access.cors.CorsRules;
import io.pataka.service.changes.BucketLogs;
import io.pataka.service.encryption.KnownKeys;
import io.pataka.service.encryption.ObjectKeys;
import io.pataka.service.job.LogRoller;
import io.pataka.service.metadata.LostContents;
import io.pataka.service.metadata.Quotas;
import io.pataka.service.model.Bucket;
import io.pataka.service.model.BucketName;
import io.pataka.service.model.Caller;
import io.pataka.service.model.ObjectKey;
import io.pataka.service.model.Owner;
import io.pataka.service.model.StoredForm;
import io.pataka.service.objects.BucketRetry;
import io.pataka.service.objects.LogObjects;
import io.pataka.service.objects.ObjectWriter;
import io.pataka.service.objects.ServiceObjects;
import io.pataka.service.operation.absent.AbsentConfigurations;
import io.pataka.service.operation.acl.AclOperations;
import io.pataka.service.operation.bucket.BucketOperations;
import io.pataka.service.operation.bucket.BucketRules;
import io.pataka.service.operation.cors.CorsOperations;
import io.pataka.service.operation.encryption.EncryptionOperations;
import io.pataka.service.operation.lifecycle.LifecycleOperations;
import io.pataka.service.operation.listing.ListingOperations;
import io.pataka.service.operation.lock.LockOperations;
import io.pataka.service.operation.logging.LoggingOperations;
import io.pataka.service.operation.object.ObjectOperations;
import io.pataka.service.operation.object.ObjectRules;
import io.pataka.service.operation.payment.PaymentOperations;
import io.pataka.service.operation.policy.PolicyOperations;
import io.pataka.service.operation.publicaccess.PublicAccessOperations;
import io.pataka.service.operation.service.ServiceOperations;
import io.pataka.service.operation.tagging.TaggingOperations;
import io.pataka.service.operation.versioning.VersioningOperations;
import io.pataka.service.operation.website.WebsiteOperations;
import io.pataka.service.protocol.AccountRequest;
import io.pataka.service.protocol.OperationRouter;
import io.pataka.service.protocol.Parameters;
import io.pataka.service.protocol.PercentCoding;
import io.pataka.service.protocol.RawRequest;
import io.pataka.service.protocol.RequestBody;
import io.pataka.service.protocol.RequestHeaders;
import io.pataka.service.protocol.Route;
import io.pataka.service.protocol.S3Exception;
import io.pataka.service.protocol.S3Operation;
import io.pataka.service.protocol.S3Request;
import io.pataka.service.protocol.S3Response;
import io.pataka.service.protocol.UnsupportedHeaders;
import io.pataka.service.protocol.xml.XmlElement;
import io.pataka.service.traffic.MemoryUsage;
import io.pataka.service.traffic.RequestBooks;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;

/** The pipeline over memory: it routes, admits and performs calls, without HTTP and without signatures. */
public final class TestPipeline {

    public static final Caller ALICE = caller("alice", "member");
    public static final Caller BOB = caller("bob", "member");
    /** Of Alice's project, which she administers. */
    public static final Caller ALICES_ADMIN = caller("alice", "admin");

    private final MemoryBucketCatalog buckets = new MemoryBucketCatalog();
    private final MemoryContents contents = new MemoryContents();
    private final LostContents lost = new LostContents();
    private final KnownKeys keys = new KnownKeys();
    private final MemoryUploadLedger uploads = new MemoryUploadLedger(buckets.index());
    private final OperationRouter router = new OperationRouter();
    private final OperationCatalog catalog = new OperationCatalog();
    private final GranteeDirectory grantees = new GranteeDirectory() {
        @Override
        public Optional<Owner> byId(String id) {
            return Stream.of(ALICE, BOB)
                    .flatMap(caller -> Stream.of(caller.account(), caller.user()))
                    .filter(owner -> owner.id().equals(id))
                    .findFirst();
        }

        @Override
        public Optional<Owner> byEmailAddress(String address) {
            return address.equals("bob@example.com") ? Optional.of(BOB.account()) : Optional.empty();
        }
    };
    private final MemoryUsage usage = new MemoryUsage();
    private final AccessGate gate =
            new AccessGate(buckets, buckets.index(), RoleRules.standard(), grantees, Clock.systemUTC());

    public TestPipeline() {
        this(bucketRules("RegionOne", true, 0), new ObjectRules(1000, Set.of("COLD")));
    }

    /** A service with a key ring, a key manager, and these rules. */
    public TestPipeline(EncryptionRules encryption) {
        this(bucketRules("RegionOne", true, 0), new ObjectRules(1000, Set.of("COLD")), encryption);
    }

    public TestPipeline(BucketRules bucketRules, ObjectRules objectRules) {
        this(bucketRules, objectRules, new EncryptionRules(Optional.empty(), true));
    }

    private TestPipeline(BucketRules bucketRules, ObjectRules objectRules, EncryptionRules encryptionRules) {
        new ServiceOperations(
                        buckets,
                        Quotas.NONE,
                        new RequestBooks(usage, Clock.systemUTC()),
                        bucketRules.region(),
                        bucketRules.perOwner())
                .register(catalog);
        LogTargets targets = new LogTargets(buckets, Clock.systemUTC());
        BucketLogs logs = new BucketLogs(buckets, targets, Quotas.NONE, bucketRules.region(), Clock.systemUTC());
        LogObjects objects = new LogObjects(
                new MemoryLogRolls(buckets),
                new ServiceObjects(contents, new ObjectWriter(buckets.index(), new BucketRetry(buckets))),
                LogRoller::permit,
                bucket -> StoredForm.PLAIN,
                "test");
        LogFlush flush = new LogFlush(buckets, logs, objects, () -> {});
        new BucketOperations(buckets, buckets.accounts(), bucketRules, Quotas.NONE, grantees, logs, flush)
                .register(catalog);
        new AclOperations(buckets, buckets.index(), grantees).register(catalog);
        ObjectEncryption encryption = new ObjectEncryption(new ObjectKeys(keys, keys), buckets, encryptionRules);
        new ObjectOperations(
                        buckets,
                        buckets.index(),
                        contents,
                        new ReadableContent(lost),
                        objectRules,
                        encryption,
                        new LifecycleHeaders(buckets),
                        Quotas.NONE)
                .register(catalog);
        new EncryptionOperations(buckets, buckets.index(), encryption, encryptionRules).register(catalog);
        new ListingOperations(buckets.index(), uploads).register(catalog);
        new TaggingOperations(buckets, buckets.index()).register(catalog);
        new PaymentOperations(buckets).register(catalog);
        new LockOperations(buckets, buckets.index(), buckets.index()).register(catalog);
        new VersioningOperations(buckets).register(catalog);
        new LifecycleOperations(buckets, List.of("STANDARD", "COLD")).register(catalog);
        new WebsiteOperations(buckets).register(catalog);
        new AbsentConfigurations().register(catalog);
        new CorsOperations(buckets, new BucketCors(buckets, CorsRules.NONE)).register(catalog);
        new PolicyOperations(buckets, Clock.systemUTC()).register(catalog);
        new PublicAccessOperations(buckets, buckets.accounts()).register(catalog);
        new LoggingOperations(buckets, logs, targets, flush, Clock.systemUTC()).register(catalog);
    }

    /** Rules under which all objects are the bucket owner's. */
    public static BucketRules bucketRules(String region, boolean strictNames, int perOwner) {
        return new BucketRules(region, strictNames, perOwner, ObjectOwnership.BUCKET_OWNER_ENFORCED);
    }

    private static Caller caller(String name, String role) {
        return new Caller(
                new Owner(name, name.toUpperCase(Locale.ROOT)),
                new Owner(name + "-user", name),
                "default",
                Set.of(role),
                Optional.of("KEY-" + name));
    }

    public MemoryBucketCatalog buckets() {
        return buckets;
    }

    public MemoryObjectIndex index() {
        return buckets.index();
    }

    public MemoryUploadLedger uploads() {
        return uploads;
    }

    public KnownKeys keys() {
        return keys;
    }

    /** What is known to be lost. */
    public LostContents lost() {
        return lost;
    }

    public MemoryContents contents() {
        return contents;
    }

    /** Registers an operation that no class of the server performs. */
    void handle(S3Operation operation, Operation handler) {
        catalog.register(operation, handler);
    }

    public Bucket bucket(String name) {
        return buckets.findFresh(new BucketName(name)).orElseThrow();
    }

    /** A request of Alice's; the target begins with a slash and may have a query. */
    public Call call(String method, String target) {
        return new Call(method, target);
    }

    /** A request in the making. */
    public final class Call {
        private final String method;
        private final String path;
        private final String query;
        private final Map<String, String> headers = new LinkedHashMap<>();
        private final Map<String, String> trailers = new LinkedHashMap<>();
        private byte[] body = {};
        private OptionalLong length = OptionalLong.of(0);
        private Caller caller = ALICE;
        private boolean secure = true;

        private Call(String method, String target) {
            int mark = target.indexOf('?');
            this.method = method;
            this.path = mark < 0 ? target : target.substring(0, mark);
            this.query = mark < 0 ? "" : target.substring(mark + 1);
        }

        public Call header(String name, String value) {
            headers.put(name, value);
            return this;
        }

        public Call trailer(String name, String value) {
            trailers.put(name, value);
            return this;
        }

        public Call body(String text) {
            return body(text.getBytes(UTF_8));
        }

        public Call body(byte[] bytes) {
            this.body = bytes.clone();
            this.length = OptionalLong.of(bytes.length);
            return this;
        }

        public Call length(OptionalLong declared) {
            this.length = declared;
            return this;
        }

        public Call by(Caller other) {
            this.caller = other;
            return this;
        }

        /** Sends it without TLS. */
        public Call overPlainHttp() {
            this.secure = false;
            return this;
        }

        /** Performs it. */
        public Reply send() {
            try {
                S3Request request = request();
                AdmittedCall call = gate.admit(request, caller);
                UnsupportedHeaders.refuse(request.operation(), call.headers());
                S3Response response = catalog.handler(request.operation()).perform(call);
                call.requireAuthorised();
                return new Reply(response, bytes(response));
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            }
        }

        /** Performs it, and expects an error. */
        public S3Exception refused() {
            return catchThrowableOfType(S3Exception.class, this::send);
        }

        private S3Request request() {
            int slash = path.indexOf('/', 1);
            String bucket = slash < 0 ? path.substring(1) : path.substring(1, slash);
            String key = slash < 0 ? "" : path.substring(slash + 1);
            Parameters parameters = Parameters.parse(query);
            RequestHeaders fields = RequestHeaders.of(headers);
            Optional<Route.Resource> ofAccount = AccountRequest.resourceOf(path, fields);
            S3Operation operation = router.route(
                    method,
                    ofAccount.orElse(OperationRouter.resourceOf(!bucket.isEmpty(), !key.isEmpty())),
                    parameters,
                    fields);
            RequestBody verified = requestBody();
            return new S3Request(
                    "REQUEST",
                    operation,
                    Optional.of(bucket)
                            .filter(text -> ofAccount.isEmpty() && !text.isEmpty())
                            .map(BucketName::new),
                    Optional.of(key)
                            .filter(text -> ofAccount.isEmpty() && !text.isEmpty())
                            .map(text -> ObjectKey.of(PercentCoding.decodePath(text))),
                    parameters,
                    fields,
                    verified,
                    new RawRequest(method, path, query, fields, verified, secure, "192.0.2.1", Optional.empty()));
        }

        private RequestBody requestBody() {
            return new RequestBody() {
                @Override
                public InputStream open() {
                    return new ByteArrayInputStream(body);
                }

                @Override
                public OptionalLong length() {
                    return length;
                }

                @Override
                public RequestHeaders trailers() {
                    return RequestHeaders.of(trailers);
                }
            };
        }
    }

    private static byte[] bytes(S3Response response) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        if (response.body().isPresent()) {
            response.body().get().transferTo(out);
            response.body().get().close();
        }
        return out.toByteArray();
    }

    /** What came back. */
    public record Reply(S3Response response, byte[] body) {

        public int status() {
            return response.status();
        }

        public String header(String name) {
            return response.headers().get(name);
        }

        public String text() {
            return new String(body, UTF_8);
        }

        public XmlElement xml(String root) {
            return XmlElement.parse(body, root);
        }
    }
}
