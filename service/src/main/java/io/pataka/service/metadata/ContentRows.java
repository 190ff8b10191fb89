package io.pataka.service.metadata;

import io.pataka.service.model.Content;
import io.pataka.service.model.ETag;
import io.pataka.service.model.ObjectKey;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** All rows that name content, in the order of their primary keys, page by page: parts, noncurrent versions, current ones. */
public interface ContentRows {

    /**
     * The rows that follow a position.
     *
     * @param after a position of a row or page; empty for the beginning
     * @param limit 1 to 10,000
     */
    Page page(Optional<String> after, int limit);

    /**
     * Rows, and where to go on.
     *
     * @param rows may be none though there are more
     * @param next the position to go on after; empty at the end of all
     */
    record Page(List<Row> rows, Optional<String> next) {
        public Page {
            rows = List.copyOf(rows);
            Objects.requireNonNull(next);
        }
    }

    /**
     * A row that names content.
     *
     * @param content one blob, or a part list
     * @param owner the key of a version; empty for a part, whose object is not known here
     * @param size bytes of the content
     * @param position of the row, in words of its own
     */
    record Row(Content content, Optional<Owner> owner, long size, ETag etag, String position) {
        public Row {
            Objects.requireNonNull(content);
            Objects.requireNonNull(owner);
            Objects.requireNonNull(etag);
            Objects.requireNonNull(position);
        }
    }

    /** The key that has a version. */
    record Owner(long bucketId, ObjectKey key) {}

    /** Whether the row still names the content. */
    boolean isThere(Row row);
}
