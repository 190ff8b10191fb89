package io.pataka.service.operation.publicaccess;

import io.pataka.service.access.PublicAccessBlock;
import io.pataka.service.metadata.AccountDocuments;
import io.pataka.service.metadata.BucketCatalog;
import io.pataka.service.model.DocumentKind;
import io.pataka.service.operation.BucketDocument;
import io.pataka.service.operation.OperationCatalog;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Operation;
import java.util.Objects;

/**
 * What a bucket, or an account in all its buckets, keeps from the public, whatever ACLs and policies say.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetPublicAccessBlock.html">AWS: GetPublicAccessBlock</a>
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutPublicAccessBlock.html">AWS: PutPublicAccessBlock</a>
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeletePublicAccessBlock.html">AWS: DeletePublicAccessBlock</a>
 */
public final class PublicAccessOperations {

    private static final PublicAccessBlockCodec CODEC = new PublicAccessBlockCodec();

    private static final BucketDocument<PublicAccessBlock> OF_BUCKET = BucketDocument.of(
            DocumentKind.PUBLIC_ACCESS_BLOCK,
            CODEC,
            PublicAccessBlockCodec.MAX_DOCUMENT,
            BucketDocument.error(S3Error.NO_SUCH_PUBLIC_ACCESS_BLOCK));

    private final BucketCatalog buckets;
    private final AccountDocuments accounts;

    public PublicAccessOperations(BucketCatalog buckets, AccountDocuments accounts) {
        this.buckets = Objects.requireNonNull(buckets);
        this.accounts = Objects.requireNonNull(accounts);
    }

    public void register(OperationCatalog catalog) {
        catalog.register(S3Operation.GET_PUBLIC_ACCESS_BLOCK, OF_BUCKET.get(buckets))
                .register(S3Operation.PUT_PUBLIC_ACCESS_BLOCK, OF_BUCKET.put(buckets))
                .register(S3Operation.DELETE_PUBLIC_ACCESS_BLOCK, OF_BUCKET.delete(buckets))
                .register(S3Operation.GET_ACCOUNT_PUBLIC_ACCESS_BLOCK, new GetAccountPublicAccessBlock(accounts, CODEC))
                .register(S3Operation.PUT_ACCOUNT_PUBLIC_ACCESS_BLOCK, new PutAccountPublicAccessBlock(accounts, CODEC))
                .register(S3Operation.DELETE_ACCOUNT_PUBLIC_ACCESS_BLOCK, new DeleteAccountPublicAccessBlock(accounts));
    }
}
