package io.pataka.service.metadata;

import io.pataka.service.model.ChangeContext;
import io.pataka.service.model.DocumentKind;
import java.util.Optional;

/**
 * Configuration documents of accounts, which hold for all buckets of an account. They belong to no bucket, so they stay in one database
 * even where buckets are spread over several. Every change takes a {@link ChangeContext}. Every method throws {@link MetadataUnavailableException} when the database does not answer.
 */
public interface AccountDocuments {

    /** The document as it is now. */
    Optional<String> find(String accountId, DocumentKind kind);

    /** Sets the document, in place of the one that there was. */
    void put(String accountId, DocumentKind kind, String document, ChangeContext change);

    /** Removes the document, if there is one. */
    void delete(String accountId, DocumentKind kind, ChangeContext change);
}
