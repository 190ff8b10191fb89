package io.pataka.service.metadata;

import com.google.common.base.Splitter;
import io.pataka.service.metadata.row.Bind;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;

/**
 * A place in a walk over tables in the order of their primary keys: a word for the table, and as much of the primary key as is known. The
 * place {@code NAME 7} is before all buckets that follow bucket 7, and {@code NAME 7 } with no key at the beginning of bucket 7.
 */
record RowPlace(String table, List<String> key) {

    private static final HexFormat HEX = HexFormat.of();

    /**
     * @param first the table of the beginning
     */
    static RowPlace of(Optional<String> position, Enum<?> first) {
        List<String> words = Splitter.on(' ').splitToList(position.orElse(first.name()));
        return new RowPlace(words.get(0), words.subList(1, words.size()));
    }

    static String text(Enum<?> table, Object... key) {
        StringBuilder text = new StringBuilder(table.name());
        for (Object word : key) {
            text.append(' ').append(word instanceof byte[] bytes ? HEX.formatHex(bytes) : word);
        }
        return text.toString();
    }

    byte[] bytes(int index) {
        return HEX.parseHex(key.get(index));
    }

    long number(int index) {
        return Long.parseLong(key.get(index));
    }

    /** Whether this is a place before a bucket, and not in one. */
    boolean isBeforeBucket() {
        return key.size() < 2;
    }

    /** The first bucket after this place that has rows in a table of versions. */
    Optional<Long> nextBucket(Handle handle, String sqlTable) {
        return Bind.all(
                        handle.createQuery("SELECT bucket_id FROM " + sqlTable
                                + " WHERE bucket_id > ? ORDER BY bucket_id LIMIT 1"),
                        number(0))
                .mapTo(Long.class)
                .findOne();
    }

    /**
     * The rows of a bucket that follow this place in a table of versions, by two statements at most.
     *
     * @param several whether a key may have several versions in the table
     */
    <T> List<T> versions(
            Handle handle, String columns, String sqlTable, boolean several, int limit, RowMapper<T> mapper) {
        String select = "SELECT " + columns + " FROM " + sqlTable + " WHERE bucket_id = ?";
        long bucket = number(0);
        List<T> found = new ArrayList<>();
        if (several && key.size() > 2) {
            found.addAll(Bind.all(
                            handle.createQuery(
                                    select + " AND object_key = ? AND sequence < ? ORDER BY sequence DESC LIMIT ?"),
                            bucket,
                            bytes(1),
                            number(2),
                            limit)
                    .map(mapper)
                    .list());
        }
        if (found.size() < limit) {
            found.addAll(Bind.all(
                            handle.createQuery(select + " AND object_key > ? ORDER BY object_key"
                                    + (several ? ", sequence DESC" : "") + " LIMIT ?"),
                            bucket,
                            bytes(1),
                            limit - found.size())
                    .map(mapper)
                    .list());
        }
        return found;
    }
}
