package io.pataka.service.operation.object;

import io.pataka.service.content.Contents;
import io.pataka.service.metadata.BucketCatalog;
import io.pataka.service.metadata.ObjectIndex;
import io.pataka.service.metadata.Quotas;
import io.pataka.service.objects.BucketRetry;
import io.pataka.service.objects.ObjectRemover;
import io.pataka.service.objects.ObjectWriter;
import io.pataka.service.operation.BodyIntake;
import io.pataka.service.operation.LifecycleHeaders;
import io.pataka.service.operation.ObjectEncryption;
import io.pataka.service.operation.ObjectLookup;
import io.pataka.service.operation.OperationCatalog;
import io.pataka.service.operation.ReadableContent;
import io.pataka.service.protocol.S3Operation;

/** The life of an object: put, read, deleted. */
public final class ObjectOperations {

    private final BucketCatalog buckets;
    private final ObjectIndex index;
    private final Contents contents;
    private final ReadableContent readable;
    private final ObjectRules rules;
    private final ObjectEncryption encryption;
    private final LifecycleHeaders lifecycle;
    private final Quotas quotas;

    public ObjectOperations(
            BucketCatalog buckets,
            ObjectIndex index,
            Contents contents,
            ReadableContent readable,
            ObjectRules rules,
            ObjectEncryption encryption,
            LifecycleHeaders lifecycle,
            Quotas quotas) {
        this.encryption = encryption;
        this.lifecycle = lifecycle;
        this.quotas = quotas;
        this.readable = readable;
        this.buckets = buckets;
        this.index = index;
        this.contents = contents;
        this.rules = rules;
    }

    public void register(OperationCatalog catalog) {
        BucketRetry retry = new BucketRetry(buckets);
        BodyIntake intake = new BodyIntake(contents, quotas, rules.maxPutSize());
        ObjectLookup lookup = new ObjectLookup(index);
        ObjectReader reader = new ObjectReader(lookup, index, readable, encryption, lifecycle);
        Appends appends = new Appends(index, intake, retry, readable, encryption, rules.storageClasses());
        ObjectRemover remover = new ObjectRemover(index, retry);
        catalog.register(
                        S3Operation.PUT_OBJECT,
                        new PutObject(
                                intake,
                                new ObjectWriter(index, retry),
                                appends,
                                encryption,
                                lifecycle,
                                rules.storageClasses()))
                .register(S3Operation.APPEND_OBJECT, new AppendObject(appends, rules.storageClasses()))
                .register(S3Operation.RENAME_OBJECT, new RenameObject(index, retry))
                .register(S3Operation.GET_OBJECT, new GetObject(reader, index, contents, readable, encryption))
                .register(S3Operation.HEAD_OBJECT, new HeadObject(reader))
                .register(S3Operation.GET_OBJECT_TORRENT, new GetObjectTorrent(lookup))
                .register(S3Operation.RESTORE_OBJECT, new RestoreObject(lookup))
                .register(
                        S3Operation.GET_OBJECT_ATTRIBUTES, new GetObjectAttributes(lookup, index, readable, encryption))
                .register(S3Operation.DELETE_OBJECT, new DeleteObject(remover))
                .register(S3Operation.DELETE_OBJECTS, new DeleteObjects(remover));
    }
}
