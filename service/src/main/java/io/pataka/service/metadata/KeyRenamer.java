package io.pataka.service.metadata;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.pataka.service.metadata.ObjectIndex.OnceToken;
import io.pataka.service.metadata.ObjectIndex.Publication;
import io.pataka.service.metadata.RetirementQueue.Retired;
import io.pataka.service.metadata.row.Bind;
import io.pataka.service.metadata.row.Micros;
import io.pataka.service.metadata.row.VersionRow;
import io.pataka.service.metadata.row.VersionRow.Held;
import io.pataka.service.model.Bucket;
import io.pataka.service.model.ChangeContext;
import io.pataka.service.model.Content;
import io.pataka.service.model.ObjectKey;
import io.pataka.service.model.ObjectVersion;
import io.pataka.service.model.VersionId;
import io.pataka.service.model.WriteCondition;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** Renames objects. Their bytes are neither read nor written. */
final class KeyRenamer {

    private static final String HOLD_BOTH = "SELECT " + VersionRow.HELD
            + " FROM object_current WHERE bucket_id = ? AND object_key IN (?, ?) ORDER BY object_key FOR UPDATE";

    private static final int DUPLICATE = 1062;

    private final Database database;
    private final ChangeLog log;

    KeyRenamer(Database database, ChangeLog log) {
        this.database = database;
        this.log = log;
    }

    Publication rename(
            Bucket bucket,
            ObjectVersion source,
            ObjectKey to,
            WriteCondition condition,
            Optional<OnceToken> once,
            ChangeContext change) {
        log.prepare(bucket);
        return database.transact(handle -> {
            if (!VersionWriter.lockBucket(handle, bucket)) {
                return new Publication.Refused(Refusal.BUCKET_CHANGED);
            }
            Map<ObjectKey, Held> held = hold(handle, bucket, source.key(), to);
            Optional<Held> replaced = Optional.ofNullable(held.get(to));
            Optional<Refusal> refusal = VersionWriter.refusal(condition, replaced);
            if (refusal.isPresent()) {
                return new Publication.Refused(refusal.get());
            }
            boolean unchanged = Optional.ofNullable(held.get(source.key()))
                    .filter(now -> now.id().equals(source.id()))
                    .isPresent();
            if (!unchanged || once.isPresent() && !remember(handle, bucket, once.get())) {
                return new Publication.Refused(Refusal.CONFLICT);
            }
            replaced.ifPresent(old -> drop(handle, bucket, old));
            follow(handle, bucket, source.content(), to);
            VersionId id = new VersionId(
                    Math.max(
                            source.id().sequence(),
                            replaced.map(old -> old.id().sequence() + 1).orElse(0L)),
                    true);
            move(handle, bucket, source.key(), to, id);
            log.record(
                    handle,
                    bucket,
                    List.of(
                            ChangeLog.removed(VersionRow.held(source), true, Optional.of(source.facts()), change),
                            ChangeLog.renamed(source, to, id, change)));
            return VersionWriter.published(id);
        });
    }

    Optional<OnceToken> renamed(Bucket bucket, String token) {
        return database.read(handle -> Bind.all(
                        handle.createQuery("SELECT HEX(request) FROM rename_done WHERE bucket_id = ? AND token = ?"),
                        bucket.id(),
                        token.getBytes(US_ASCII))
                .mapTo(String.class)
                .findOne()
                .map(request -> new OnceToken(token, request.toLowerCase(Locale.ROOT))));
    }

    boolean expire(Duration age, int limit) {
        return database.write(handle -> Bind.all(
                                handle.createUpdate("DELETE FROM rename_done WHERE done_at <= " + Micros.NOW
                                        + " - ? ORDER BY done_at LIMIT ?"),
                                age.toNanos() / 1_000,
                                limit)
                        .execute())
                == limit;
    }

    /** False when the token is taken. */
    private static boolean remember(Handle handle, Bucket bucket, OnceToken once) {
        return Bind.all(
                                handle.createUpdate(
                                        "INSERT IGNORE INTO rename_done (bucket_id, token, request, done_at)"
                                                + " VALUES (?, ?, UNHEX(?), " + Micros.NOW + ")"),
                                bucket.id(),
                                once.token().getBytes(US_ASCII),
                                once.request())
                        .execute()
                == 1;
    }

    private static void move(Handle handle, Bucket bucket, ObjectKey from, ObjectKey to, VersionId id) {
        try {
            Bind.all(
                            handle.createUpdate("UPDATE object_current SET object_key = ?, sequence = ?"
                                    + " WHERE bucket_id = ? AND object_key = ?"),
                            to.bytes(),
                            id.sequence(),
                            bucket.id(),
                            from.bytes())
                    .execute();
        } catch (RuntimeException e) {
            if (Database.errorCode(e).filter(code -> code == DUPLICATE).isPresent()) {
                // A key without a row cannot be locked, and another request has just written it.
                throw new Database.OvertakenException();
            }
            throw e;
        }
    }

    private static Map<ObjectKey, Held> hold(Handle handle, Bucket bucket, ObjectKey from, ObjectKey to) {
        Map<ObjectKey, Held> held = new HashMap<>();
        Bind.all(handle.createQuery(HOLD_BOTH), bucket.id(), from.bytes(), to.bytes())
                .map((row, context) -> VersionRow.held(row))
                .forEach(row -> held.put(row.key(), row));
        return held;
    }

    private static void drop(Handle handle, Bucket bucket, Held old) {
        Bind.all(
                        handle.createUpdate("DELETE FROM object_current WHERE bucket_id = ? AND object_key = ?"),
                        bucket.id(),
                        old.key().bytes())
                .execute();
        RetiredContent.insert(handle, List.of(new Retired(bucket.id(), old.key(), old.content())));
    }

    /** Lets the collector find the content by its new key. */
    private static void follow(Handle handle, Bucket bucket, Content content, ObjectKey to) {
        if (content instanceof Content.Whole whole) {
            Bind.all(handle.createUpdate(MariaDbBlobLedger.LINK), whole.blob().bytes(), bucket.id(), to.bytes())
                    .execute();
        } else if (content instanceof Content.Parts parts) {
            Bind.all(
                            handle.createUpdate("UPDATE retired_parts SET object_key = ? WHERE upload_id = ?"),
                            to.bytes(),
                            parts.upload().bytes())
                    .execute();
        }
    }
}
