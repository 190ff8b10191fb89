package io.pataka.service.operation.absent;

import io.pataka.service.operation.Operation;
import io.pataka.service.operation.OperationCatalog;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import io.pataka.service.protocol.S3Operation;
import io.pataka.service.protocol.S3Response;
import io.pataka.service.protocol.xml.XmlWriter;

/**
 * Answers for configurations that no bucket can have yet, as Amazon answers for a bucket without them: an error of its own, or an empty
 * document. A DELETE succeeds if a bucket can have one configuration of the kind, and fails if configurations have ids. The answers
 * depend on nothing but the name of the bucket, so these operations have no classes of their own.
 */
public final class AbsentConfigurations {

    public void register(OperationCatalog catalog) {
        oneOfABucket(catalog);
        emptyDocuments(catalog);
        namedById(catalog);
    }

    private static void oneOfABucket(OperationCatalog catalog) {
        Operation delete = call -> S3Response.noContent();
        catalog.register(S3Operation.GET_BUCKET_REPLICATION, notFound(S3Error.REPLICATION_CONFIGURATION_NOT_FOUND))
                .register(S3Operation.DELETE_BUCKET_REPLICATION, delete);
    }

    private static Operation notFound(S3Error error) {
        return call -> {
            throw new S3Exception(error).with("BucketName", call.bucketName().text());
        };
    }

    private static void emptyDocuments(OperationCatalog catalog) {
        catalog.register(S3Operation.GET_BUCKET_ACCELERATE_CONFIGURATION, document("AccelerateConfiguration"))
                .register(
                        S3Operation.GET_BUCKET_ABAC,
                        call -> S3Response.xml(XmlWriter.document("AbacStatus")
                                .leaf("Status", "Disabled")
                                .toBytes()));
    }

    private static Operation document(String root) {
        return call -> S3Response.xml(XmlWriter.document(root).toBytes());
    }

    private static void namedById(OperationCatalog catalog) {
        Operation none = call -> {
            throw new S3Exception(S3Error.NO_SUCH_CONFIGURATION);
        };
        catalog.register(S3Operation.GET_BUCKET_ANALYTICS_CONFIGURATION, none)
                .register(S3Operation.DELETE_BUCKET_ANALYTICS_CONFIGURATION, none)
                .register(
                        S3Operation.LIST_BUCKET_ANALYTICS_CONFIGURATIONS,
                        emptyList("ListBucketAnalyticsConfigurationResult"))
                .register(S3Operation.GET_BUCKET_INTELLIGENT_TIERING_CONFIGURATION, none)
                .register(S3Operation.DELETE_BUCKET_INTELLIGENT_TIERING_CONFIGURATION, none)
                .register(
                        S3Operation.LIST_BUCKET_INTELLIGENT_TIERING_CONFIGURATIONS,
                        emptyList("ListBucketIntelligentTieringConfigurationsOutput"))
                .register(S3Operation.GET_BUCKET_METRICS_CONFIGURATION, none)
                .register(S3Operation.DELETE_BUCKET_METRICS_CONFIGURATION, none)
                .register(S3Operation.LIST_BUCKET_METRICS_CONFIGURATIONS, emptyList("ListMetricsConfigurationsResult"));
    }

    private static Operation emptyList(String root) {
        return call -> S3Response.xml(
                XmlWriter.document(root).leaf("IsTruncated", false).toBytes());
    }
}
