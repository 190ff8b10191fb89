package io.pataka.service.operation.publicaccess;

import io.pataka.service.access.AdmittedCall;
import io.pataka.service.access.PublicAccessBlock;
import io.pataka.service.metadata.AccountDocuments;
import io.pataka.service.model.ChangeContext.Kind;
import io.pataka.service.model.DocumentKind;
import io.pataka.service.operation.Operation;
import io.pataka.service.operation.RequestDocument;
import io.pataka.service.protocol.S3Response;
import java.io.IOException;

/**
 * Sets what an account keeps from the public in all its buckets, those that are still to be made as well.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_control_PutPublicAccessBlock.html">AWS: PutPublicAccessBlock of
 *     an account</a>
 */
final class PutAccountPublicAccessBlock implements Operation {

    private final AccountDocuments accounts;
    private final PublicAccessBlockCodec codec;

    PutAccountPublicAccessBlock(AccountDocuments accounts, PublicAccessBlockCodec codec) {
        this.accounts = accounts;
        this.codec = codec;
    }

    @Override
    public S3Response perform(AdmittedCall call) throws IOException {
        PublicAccessBlock block = codec.read(RequestDocument.read(
                call.request(), PublicAccessBlockCodec.MAX_DOCUMENT, RequestDocument.Digest.OPTIONAL));
        accounts.put(
                call.caller().account().id(),
                DocumentKind.PUBLIC_ACCESS_BLOCK,
                codec.store(block),
                call.permit().changeOutsideBuckets(Kind.PUT_CONFIGURATION));
        return S3Response.ok();
    }
}
