package io.pataka.service.operation;

import com.codahale.metrics.MetricRegistry;
import io.dropwizard.db.ManagedDataSource;
import io.pataka.service.access.AccessGate;
import io.pataka.service.access.AdmittedCall;
import io.pataka.service.access.GranteeDirectory;
import io.pataka.service.access.NoGrantees;
import io.pataka.service.access.RoleRules;
import io.pataka.service.blob.BlobInventory;
import io.pataka.service.blob.BlobStore;
import io.pataka.service.blob.BufferPool;
import io.pataka.service.blob.ShardedBlobInventory;
import io.pataka.service.blob.ShardedBlobStore;
import io.pataka.service.blob.VolumeSet;
import io.pataka.service.blob.VolumeSettings;
import io.pataka.service.content.Contents;
import io.pataka.service.content.StoredContents;
import io.pataka.service.encryption.KnownKeys;
import io.pataka.service.encryption.ObjectKeys;
import io.pataka.service.metadata.BlobLedger;
import io.pataka.service.metadata.BucketCatalog;
import io.pataka.service.metadata.ChangeRules;
import io.pataka.service.metadata.ContentMoves;
import io.pataka.service.metadata.Database;
import io.pataka.service.metadata.LostContents;
import io.pataka.service.metadata.MariaDbBlobLedger;
import io.pataka.service.metadata.MariaDbBucketCatalog;
import io.pataka.service.metadata.MariaDbContentMoves;
import io.pataka.service.metadata.MariaDbObjectIndex;
import io.pataka.service.metadata.MariaDbUploadLedger;
import io.pataka.service.metadata.MariaDbVersionLocks;
import io.pataka.service.metadata.ObjectIndex;
import io.pataka.service.metadata.Quotas;
import io.pataka.service.metadata.UploadLedger;
import io.pataka.service.metadata.VersionLocks;
import io.pataka.service.model.BlobId;
import io.pataka.service.model.Bucket;
import io.pataka.service.model.BucketName;
import io.pataka.service.model.Caller;
import io.pataka.service.model.ObjectKey;
import io.pataka.service.model.Owner;
import io.pataka.service.objects.BucketRetry;
import io.pataka.service.objects.ObjectBytes;
import io.pataka.service.objects.ObjectCopier;
import io.pataka.service.objects.ObjectWriter;
import io.pataka.service.operation.copy.CopyOperations;
import io.pataka.service.operation.encryption.EncryptionOperations;
import io.pataka.service.operation.form.FormOperations;
import io.pataka.service.operation.inventory.InventoryOperations;
import io.pataka.service.operation.listing.ListingOperations;
import io.pataka.service.operation.lock.LockOperations;
import io.pataka.service.operation.multipart.MultipartOperations;
import io.pataka.service.operation.multipart.MultipartRules;
import io.pataka.service.operation.object.ObjectOperations;
import io.pataka.service.operation.object.ObjectRules;
import io.pataka.service.operation.versioning.VersioningOperations;
import io.pataka.service.protocol.OperationRouter;
import io.pataka.service.protocol.Parameters;
import io.pataka.service.protocol.RawRequest;
import io.pataka.service.protocol.RequestBody;
import io.pataka.service.protocol.RequestHeaders;
import io.pataka.service.protocol.S3Operation;
import io.pataka.service.protocol.S3Request;
import io.pataka.service.protocol.S3Response;
import io.pataka.service.testing.Changes;
import io.pataka.service.testing.EmbeddedMariaDb;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import javax.sql.DataSource;

/** The operations that write objects, over a real MariaDB and real blobs, without HTTP. */
public final class StoreTestBed implements AutoCloseable {

    /** A member of the project that owns the buckets. */
    public static final Caller OWNER = new Caller(
            new Owner("project-1", "demo"), new Owner("user-1", "ann"), "default", Set.of("member"), Optional.of("K"));

    /** A storage class beside STANDARD, on a volume of its own. */
    public static final String COLD = "COLD";

    /** A storage class beside STANDARD, on the same volume as STANDARD. */
    public static final String WARM = "WARM";

    /** A storage class that clients cannot name in a write, on a volume of its own. */
    public static final String FROZEN = "FROZEN";

    private static final long MAX_SIZE = 100L << 20;

    private final Path folder;
    private final ManagedDataSource source;
    private final MariaDbObjectIndex realIndex;
    private final OperationRouter router = new OperationRouter();
    private final OperationCatalog catalog = new OperationCatalog();
    private final AccessGate gate;

    /** The keys of the service and of the key manager. */
    public final KnownKeys keys = new KnownKeys();

    public final Database database;
    public final BucketCatalog buckets;
    public final ObjectIndex index;
    public final UploadLedger uploads;
    public final BlobLedger blobs;
    public final BlobStore store;
    public final BlobInventory inventory;
    public final Contents contents;
    public final ContentMoves moves;
    public final VersionLocks locks;
    public final BucketRetry retry;
    public final ObjectWriter writer;
    public final ObjectCopier copier;

    /**
     * @param folder for the volumes
     * @param aroundSource what stands around the pool of connections
     * @param aroundIndex what the operations write to instead of the index
     * @param aroundUploads what the operations write to instead of the ledger
     */
    public StoreTestBed(
            Path folder,
            UnaryOperator<DataSource> aroundSource,
            UnaryOperator<ObjectIndex> aroundIndex,
            UnaryOperator<UploadLedger> aroundUploads)
            throws IOException {
        this.folder = folder;
        Clock clock = Clock.systemUTC();
        source = EmbeddedMariaDb.shared().freshSchema().open(new MetricRegistry());
        database = new Database(aroundSource.apply(source));
        buckets = new MariaDbBucketCatalog(database, clock);
        realIndex = new MariaDbObjectIndex(database, clock);
        index = aroundIndex.apply(realIndex);
        uploads = aroundUploads.apply(new MariaDbUploadLedger(database, realIndex, clock));
        blobs = new MariaDbBlobLedger(database);
        BufferPool<byte[]> buffers = BufferPool.ofArrays();
        VolumeSet volumes = VolumeSet.open(
                List.of(
                        new VolumeSettings(1, folder.resolve("one"), Set.of("STANDARD", WARM)),
                        new VolumeSettings(2, folder.resolve("two"), Set.of(COLD)),
                        new VolumeSettings(3, folder.resolve("three"), Set.of(FROZEN))),
                true,
                0);
        store = new ShardedBlobStore(volumes, buffers);
        inventory = new ShardedBlobInventory(volumes);
        contents = new StoredContents(store, buffers, clock);
        GranteeDirectory noGrantees = new NoGrantees();
        gate = new AccessGate(buckets, index, RoleRules.standard(), noGrantees, clock);
        moves = new MariaDbContentMoves(database, ChangeRules.NONE);
        locks = new MariaDbVersionLocks(database, ChangeRules.NONE);
        retry = new BucketRetry(buckets);
        writer = new ObjectWriter(index, retry);
        copier = new ObjectCopier(writer, new ObjectBytes(index, contents), contents, blobs);
        register();
    }

    private void register() {
        Set<String> classes = Set.of(COLD);
        ReadableContent readable = new ReadableContent(new LostContents());
        BodyIntake intake = new BodyIntake(contents, Quotas.NONE, MAX_SIZE);
        EncryptionRules rules = new EncryptionRules(Optional.empty(), true);
        ObjectEncryption encryption = new ObjectEncryption(new ObjectKeys(keys, keys), buckets, rules);
        CopySources sources = new CopySources(index, readable, encryption);
        LifecycleHeaders lifecycle = new LifecycleHeaders(buckets);
        new ObjectOperations(
                        buckets,
                        index,
                        contents,
                        readable,
                        new ObjectRules(MAX_SIZE, classes),
                        encryption,
                        lifecycle,
                        Quotas.NONE)
                .register(catalog);
        new MultipartOperations(
                        uploads,
                        index,
                        intake,
                        sources,
                        copier,
                        readable,
                        retry,
                        encryption,
                        lifecycle,
                        new MultipartRules(classes, MAX_SIZE),
                        Quotas.NONE)
                .register(catalog);
        new CopyOperations(sources, copier, readable, encryption, lifecycle, classes).register(catalog);
        new FormOperations(intake, writer, encryption, lifecycle, classes).register(catalog);
        new EncryptionOperations(buckets, index, encryption, rules).register(catalog);
        new InventoryOperations(buckets).register(catalog);
        new ListingOperations(index, uploads).register(catalog);
        new LockOperations(buckets, index, locks).register(catalog);
        new VersioningOperations(buckets).register(catalog);
    }

    public Bucket bucket(String name) {
        return bucket(name, OWNER.account());
    }

    /** A bucket of another project. */
    public Bucket bucket(String name, Owner owner) {
        buckets.create(new BucketName(name), owner, false, 0, Map.of(), Changes.any());
        return buckets.findFresh(new BucketName(name)).orElseThrow();
    }

    /** A bucket with object lock. */
    public Bucket lockingBucket(String name) {
        buckets.create(new BucketName(name), OWNER.account(), true, 0, Map.of(), Changes.any());
        return buckets.findFresh(new BucketName(name)).orElseThrow();
    }

    /** The blobs on the volumes. */
    public List<BlobId> blobIds() {
        List<BlobId> all = new ArrayList<>();
        Optional<String> position = Optional.empty();
        do {
            BlobInventory.Page page = inventory.page(position);
            page.blobs().forEach(entry -> all.add(entry.id()));
            position = page.next();
        } while (position.isPresent());
        return all;
    }

    /** How many blobs lie on the volumes. */
    public long blobFiles() throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> file.getFileName().toString().matches("[0-9a-f]{24,}.*"))
                    .count();
        }
    }

    /** Performs a request of the owner. */
    public S3Response send(String method, String target, Map<String, String> headers, byte[] body) {
        return sendAs(OWNER, method, target, headers, body);
    }

    /** Performs a request of a caller. */
    public S3Response sendAs(Caller caller, String method, String target, Map<String, String> headers, byte[] body) {
        int mark = target.indexOf('?');
        String path = mark < 0 ? target : target.substring(0, mark);
        String query = mark < 0 ? "" : target.substring(mark + 1);
        Parameters parameters = Parameters.parse(query);
        RequestHeaders fields = RequestHeaders.of(headers);
        boolean hasKey = path.indexOf('/', 1) > 0;
        return sendAs(
                caller,
                router.route(method, OperationRouter.resourceOf(true, hasKey), parameters, fields),
                path,
                query,
                headers,
                body);
    }

    /** Performs a request of the owner for a given operation. */
    public S3Response send(S3Operation operation, String path, String query, Map<String, String> headers, byte[] body) {
        return sendAs(OWNER, operation, path, query, headers, body);
    }

    private S3Response sendAs(
            Caller caller, S3Operation operation, String path, String query, Map<String, String> headers, byte[] body) {
        RequestHeaders fields = RequestHeaders.of(headers);
        RequestBody content = new RequestBody() {
            @Override
            public InputStream open() {
                return new ByteArrayInputStream(body);
            }

            @Override
            public OptionalLong length() {
                return OptionalLong.of(body.length);
            }

            @Override
            public RequestHeaders trailers() {
                return RequestHeaders.of(Map.of());
            }
        };
        String[] names = path.substring(1).split("/", 2);
        S3Request request = new S3Request(
                "REQUEST",
                operation,
                Optional.of(new BucketName(names[0])),
                names.length < 2 ? Optional.empty() : Optional.of(ObjectKey.of(names[1])),
                Parameters.parse(query),
                fields,
                content,
                new RawRequest(
                        operation.route().method(), path, query, fields, content, true, "192.0.2.1", Optional.empty()));
        try {
            AdmittedCall call = gate.admit(request, caller);
            S3Response response = catalog.handler(operation).perform(call);
            call.requireAuthorised();
            return response;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** The bytes of an object as GetObject gives them. */
    public byte[] read(String target) throws IOException {
        return bytes(send("GET", target, Map.of(), new byte[0]));
    }

    /** The bytes of a response. */
    public static byte[] bytes(S3Response response) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        if (response.body().isPresent()) {
            response.body().get().transferTo(out);
            response.body().get().close();
        }
        return out.toByteArray();
    }

    @Override
    public void close() {
        realIndex.close();
        try {
            source.stop();
        } catch (Exception e) {
            throw new IllegalStateException("the pool of connections does not stop", e);
        }
    }
}
