package io.pataka.service.metadata.row;

import io.pataka.service.metadata.ObjectIndex.ListedObject;
import io.pataka.service.metadata.ObjectIndex.ListedVersion;
import io.pataka.service.metadata.ObjectIndex.NewVersion;
import io.pataka.service.model.BlobId;
import io.pataka.service.model.Checksum;
import io.pataka.service.model.Content;
import io.pataka.service.model.DefaultRetention;
import io.pataka.service.model.ETag;
import io.pataka.service.model.ObjectFacts;
import io.pataka.service.model.ObjectKey;
import io.pataka.service.model.ObjectVersion;
import io.pataka.service.model.Owner;
import io.pataka.service.model.UploadId;
import io.pataka.service.model.VersionId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.mapper.RowMapper;

/** The columns that {@code object_current} and {@code object_noncurrent} have in common, and what is made of them. */
public final class VersionRow {

    /** Every column of a version beside its key. */
    public static final String COLUMNS =
            "sequence, null_version, delete_marker, size, etag, owner_id, owner_name, blob_id,"
                    + " upload_id, part_count, storage_class, checksums, appendable, facts, " + LockRow.COLUMNS;

    /** Takes {@link #values} for {@link #COLUMNS}. */
    public static final String MARKS = "?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, " + LockRow.MARKS_OF_NEW;

    /** Columns of {@link #listed}. */
    public static final String LISTED =
            "object_key, sequence, size, etag, owner_id, owner_name, storage_class, checksums, appendable";

    /** Columns of {@link #held}. */
    public static final String HELD =
            "object_key, sequence, null_version, delete_marker, etag, blob_id, upload_id, part_count, size";

    private static final int TIE_BITS = 11;

    private VersionRow() {}

    /** As much of a version as a writer must know of what it replaces or removes. */
    public record Held(ObjectKey key, VersionId id, boolean deleteMarker, ETag etag, Content content, long size) {

        public Instant lastModified() {
            return VersionRow.lastModified(id.sequence());
        }
    }

    /**
     * Values for {@link #MARKS}.
     *
     * @param standard the retention of a version that asks for none
     */
    public static Object[] values(VersionId id, NewVersion version, Optional<DefaultRetention> standard) {
        Content content = version.content();
        ObjectFacts facts = version.facts();
        Object[] lock = LockRow.values(facts.lock(), standard);
        return new Object[] {
            id.sequence(),
            id.isNull(),
            false,
            version.size(),
            version.etag().value(),
            version.owner().id(),
            version.owner().displayName(),
            content instanceof Content.Whole whole ? whole.blob().bytes() : null,
            content instanceof Content.Parts parts ? parts.upload().bytes() : null,
            content instanceof Content.Parts parts ? parts.count() : null,
            facts.storageClass(),
            ChecksumCodec.encode(facts.checksums()),
            facts.appendable(),
            FactsCodec.encode(facts),
            lock[0],
            lock[1],
            lock[2],
            lock[3]
        };
    }

    /** Reads {@link #COLUMNS}. */
    public static RowMapper<ObjectVersion> version(long bucketId, ObjectKey key) {
        return (row, context) -> new ObjectVersion(
                bucketId,
                key,
                new VersionId(row.getLong(1), row.getBoolean(2)),
                row.getBoolean(3),
                row.getLong(4),
                new ETag(row.getString(5)),
                lastModified(row.getLong(1)),
                new Owner(row.getString(6), row.getString(7)),
                content(row, 8),
                FactsCodec.decode(
                        row.getBytes(14),
                        row.getString(11),
                        ChecksumCodec.decode(row.getString(12)),
                        row.getBoolean(13),
                        LockRow.lock(row, 15)));
    }

    /** Reads {@link #HELD}. */
    public static Held held(ResultSet row) throws SQLException {
        return new Held(
                ObjectKey.of(row.getBytes(1)),
                new VersionId(row.getLong(2), row.getBoolean(3)),
                row.getBoolean(4),
                new ETag(row.getString(5)),
                content(row, 6),
                row.getLong(9));
    }

    /** The part of a version that {@link #HELD} has. */
    public static Held held(ObjectVersion version) {
        return new Held(
                version.key(), version.id(), version.deleteMarker(), version.etag(), version.content(), version.size());
    }

    /** Reads {@link #LISTED}. */
    public static ListedObject listed(ResultSet row) throws SQLException {
        List<Checksum> checksums = ChecksumCodec.decode(row.getString(8));
        return new ListedObject(
                ObjectKey.of(row.getBytes(1)),
                row.getLong(3),
                new ETag(row.getString(4)),
                lastModified(row.getLong(2)),
                new Owner(row.getString(5), row.getString(6)),
                row.getString(7),
                checksums.stream().findFirst(),
                row.getBoolean(9));
    }

    /** Reads {@link #LISTED}, {@code null_version}, {@code delete_marker} and whether the row is a current one. */
    public static ListedVersion listedVersion(ResultSet row) throws SQLException {
        return new ListedVersion(
                listed(row), new VersionId(row.getLong(2), row.getBoolean(10)), row.getBoolean(12), row.getBoolean(11));
    }

    /** Reads {@code blob_id, upload_id, part_count}, which begin at a column. */
    public static Content content(ResultSet row, int column) throws SQLException {
        byte[] blob = row.getBytes(column);
        if (blob != null) {
            return new Content.Whole(BlobId.of(blob));
        }
        byte[] upload = row.getBytes(column + 1);
        return upload == null ? new Content.None() : new Content.Parts(UploadId.of(upload), row.getInt(column + 2));
    }

    /** When the version of a sequence was made. */
    public static Instant lastModified(long sequence) {
        return Micros.toInstant(sequence >>> TIE_BITS);
    }

    /** The first sequence of a moment. */
    public static long sequenceAt(Instant moment) {
        return Micros.of(moment) << TIE_BITS;
    }
}
