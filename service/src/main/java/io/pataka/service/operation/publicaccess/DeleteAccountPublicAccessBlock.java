package io.pataka.service.operation.publicaccess;

import io.pataka.service.access.AdmittedCall;
import io.pataka.service.metadata.AccountDocuments;
import io.pataka.service.model.ChangeContext.Kind;
import io.pataka.service.model.DocumentKind;
import io.pataka.service.operation.Operation;
import io.pataka.service.protocol.S3Response;

/**
 * Leaves it to each bucket of an account what is kept from the public; an account that had no block is fine, too.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_control_DeletePublicAccessBlock.html">AWS:
 *     DeletePublicAccessBlock of an account</a>
 */
final class DeleteAccountPublicAccessBlock implements Operation {

    private final AccountDocuments accounts;

    DeleteAccountPublicAccessBlock(AccountDocuments accounts) {
        this.accounts = accounts;
    }

    @Override
    public S3Response perform(AdmittedCall call) {
        accounts.delete(
                call.caller().account().id(),
                DocumentKind.PUBLIC_ACCESS_BLOCK,
                call.permit().changeOutsideBuckets(Kind.DELETE_CONFIGURATION));
        return S3Response.noContent();
    }
}
