package io.pataka.service.operation.inventory;

import io.pataka.service.access.AdmittedCall;
import io.pataka.service.inventory.InventoryConfiguration;
import io.pataka.service.inventory.InventoryXml;
import io.pataka.service.metadata.BucketCatalog;
import io.pataka.service.metadata.BucketCatalog.StoredDocument;
import io.pataka.service.model.ChangeContext.Kind;
import io.pataka.service.model.DocumentKind;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import java.util.Collections;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/** The inventory configurations of a bucket, which are one document. */
final class StoredInventories {

    private final BucketCatalog buckets;

    StoredInventories(BucketCatalog buckets) {
        this.buckets = Objects.requireNonNull(buckets);
    }

    /** The id that a request names. */
    static String id(AdmittedCall call) {
        return InventoryXml.id(call.parameters().first("id").orElse(""));
    }

    static S3Exception notFound() {
        return new S3Exception(S3Error.NO_SUCH_CONFIGURATION);
    }

    /** By id. */
    SortedMap<String, InventoryConfiguration> of(AdmittedCall call) {
        return load(buckets.document(call.bucket(), DocumentKind.INVENTORY));
    }

    private static SortedMap<String, InventoryConfiguration> load(Optional<String> stored) {
        return stored.map(InventoryXml::load).orElse(Collections.emptySortedMap());
    }

    /**
     * Changes the configurations in one transaction.
     *
     * @param change of a map by id; what it throws changes nothing
     */
    void change(AdmittedCall call, Kind kind, Consumer<SortedMap<String, InventoryConfiguration>> change) {
        boolean found = buckets.updateDocument(
                call.bucket(),
                DocumentKind.INVENTORY,
                stored -> {
                    SortedMap<String, InventoryConfiguration> all = new TreeMap<>(load(stored));
                    change.accept(all);
                    return all.isEmpty()
                            ? Optional.empty()
                            : Optional.of(new StoredDocument(InventoryXml.store(all.values()), false));
                },
                call.permit().change(call.bucket(), kind));
        if (!found) {
            throw S3Exception.noSuchBucket(call.bucketName());
        }
    }
}
