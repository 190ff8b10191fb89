package io.pataka.service.metadata;

import io.pataka.service.metadata.row.Bind;
import io.pataka.service.model.ChangeContext;
import io.pataka.service.model.DocumentKind;
import java.util.Objects;
import java.util.Optional;

/** The documents of accounts in MariaDB. */
public final class MariaDbAccountDocuments implements AccountDocuments {

    private final Database database;
    private final Runnable changed;

    /**
     * @param changed is called after each change, so that caches on this node read the documents again
     */
    public MariaDbAccountDocuments(Database database, Runnable changed) {
        this.database = Objects.requireNonNull(database);
        this.changed = Objects.requireNonNull(changed);
    }

    @Override
    public Optional<String> find(String accountId, DocumentKind kind) {
        return database.read(handle -> Bind.all(
                        handle.createQuery("SELECT document FROM account_document WHERE account_id = ? AND kind = ?"),
                        accountId,
                        kind.name())
                .mapTo(String.class)
                .findOne());
    }

    @Override
    public void put(String accountId, DocumentKind kind, String document, ChangeContext change) {
        try {
            database.write(handle -> Bind.all(
                            handle.createUpdate(
                                    "INSERT INTO account_document (account_id, kind, document) VALUES (?, ?, ?)"
                                            + " ON DUPLICATE KEY UPDATE document = VALUES(document)"),
                            accountId,
                            kind.name(),
                            document)
                    .execute());
        } finally {
            changed.run();
        }
    }

    @Override
    public void delete(String accountId, DocumentKind kind, ChangeContext change) {
        try {
            database.write(handle -> Bind.all(
                            handle.createUpdate("DELETE FROM account_document WHERE account_id = ? AND kind = ?"),
                            accountId,
                            kind.name())
                    .execute());
        } finally {
            changed.run();
        }
    }
}
