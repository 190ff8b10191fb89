package io.pataka.service.metadata;

import io.pataka.service.metadata.row.VersionRow.Held;
import io.pataka.service.model.ObjectKey;
import java.util.Collection;
import java.util.HexFormat;

/**
 * Rows that a statement is given as one JSON parameter and joins as a table: however many they are, the statement stays short,
 * stays prepared, and looks each row up by primary key. (A thousand conditions joined by OR cost MariaDB several times as much.)
 */
final class BatchRows {

    /** The table {@code j}: bytes {@code k}, a number {@code s} and other bytes {@code u}; bytes are hexadecimal. */
    static final String TABLE = "JSON_TABLE(?, '$[*]' COLUMNS (k VARCHAR(2048) CHARACTER SET ascii PATH '$[0]',"
            + " s BIGINT UNSIGNED PATH '$[1]', u CHAR(32) CHARACTER SET ascii PATH '$[2]')) j";

    private static final HexFormat HEX = HexFormat.of();

    private final StringBuilder json = new StringBuilder("[");

    BatchRows add(byte[] bytes) {
        begin(bytes).append(']');
        return this;
    }

    BatchRows add(byte[] bytes, long number) {
        begin(bytes).append(',').append(number).append(']');
        return this;
    }

    BatchRows add(byte[] bytes, long number, byte[] others) {
        begin(bytes)
                .append(',')
                .append(number)
                .append(",\"")
                .append(HEX.formatHex(others))
                .append("\"]");
        return this;
    }

    private StringBuilder begin(byte[] bytes) {
        return json.append(isEmpty() ? "" : ",")
                .append("[\"")
                .append(HEX.formatHex(bytes))
                .append('"');
    }

    static BatchRows ofKeys(Collection<ObjectKey> keys) {
        BatchRows rows = new BatchRows();
        keys.forEach(key -> rows.add(key.bytes()));
        return rows;
    }

    static BatchRows ofKeysOf(Collection<Held> versions) {
        return ofKeys(versions.stream().map(Held::key).toList());
    }

    /** Keys and sequences. */
    static BatchRows ofVersions(Collection<Held> versions) {
        BatchRows rows = new BatchRows();
        versions.forEach(held -> rows.add(held.key().bytes(), held.id().sequence()));
        return rows;
    }

    boolean isEmpty() {
        return json.length() == 1;
    }

    /** The parameter. */
    String json() {
        return json + "]";
    }
}
