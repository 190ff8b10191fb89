package io.pataka.service.operation.publicaccess;

import io.pataka.service.access.AdmittedCall;
import io.pataka.service.metadata.AccountDocuments;
import io.pataka.service.model.DocumentKind;
import io.pataka.service.operation.Operation;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import io.pataka.service.protocol.S3Response;

/**
 * Returns the public access block of an account, which holds for all its buckets.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_control_GetPublicAccessBlock.html">AWS: GetPublicAccessBlock of
 *     an account</a>
 */
final class GetAccountPublicAccessBlock implements Operation {

    private final AccountDocuments accounts;
    private final PublicAccessBlockCodec codec;

    GetAccountPublicAccessBlock(AccountDocuments accounts, PublicAccessBlockCodec codec) {
        this.accounts = accounts;
        this.codec = codec;
    }

    @Override
    public S3Response perform(AdmittedCall call) {
        String account = call.caller().account().id();
        return accounts.find(account, DocumentKind.PUBLIC_ACCESS_BLOCK)
                .map(codec::load)
                .map(codec::answer)
                .orElseThrow(() -> new S3Exception(S3Error.NO_SUCH_PUBLIC_ACCESS_BLOCK).with("AccountId", account));
    }
}
