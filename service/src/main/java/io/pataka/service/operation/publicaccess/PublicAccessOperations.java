package io.pataka.service.operation.publicaccess;

import io.pataka.service.metadata.AccountDocuments;
import io.pataka.service.metadata.BucketCatalog;
import io.pataka.service.operation.OperationCatalog;
import io.pataka.service.protocol.S3Operation;
import java.util.Objects;

/** What a bucket, and an account in all its buckets, keeps from the public, whatever ACLs and policies say. */
public final class PublicAccessOperations {

    private final BucketCatalog buckets;
    private final AccountDocuments accounts;

    public PublicAccessOperations(BucketCatalog buckets, AccountDocuments accounts) {
        this.buckets = Objects.requireNonNull(buckets);
        this.accounts = Objects.requireNonNull(accounts);
    }

    public void register(OperationCatalog catalog) {
        catalog.register(S3Operation.GET_PUBLIC_ACCESS_BLOCK, new GetPublicAccessBlock(buckets))
                .register(S3Operation.PUT_PUBLIC_ACCESS_BLOCK, new PutPublicAccessBlock(buckets))
                .register(S3Operation.DELETE_PUBLIC_ACCESS_BLOCK, new DeletePublicAccessBlock(buckets))
                .register(S3Operation.GET_ACCOUNT_PUBLIC_ACCESS_BLOCK, new GetAccountPublicAccessBlock(accounts))
                .register(S3Operation.PUT_ACCOUNT_PUBLIC_ACCESS_BLOCK, new PutAccountPublicAccessBlock(accounts))
                .register(S3Operation.DELETE_ACCOUNT_PUBLIC_ACCESS_BLOCK, new DeleteAccountPublicAccessBlock(accounts));
    }
}
