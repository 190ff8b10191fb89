package io.pataka.service.job;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.pataka.service.metadata.InventoryRows.Row;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.zip.GZIPOutputStream;

/** The bytes of a file of an inventory: the lines of versions, compressed. The next page is read when they are needed. */
final class InventoryLines extends InputStream {

    private final Pages pages;
    private final Function<Row, String> line;
    private final int most;
    private final ByteArrayOutputStream compressed = new ByteArrayOutputStream();
    private final GZIPOutputStream compressor = new GZIPOutputStream(compressed);

    private List<Row> page;
    private Row last;
    private int rows;
    private boolean ended;
    private byte[] ready = new byte[0];
    private int position;

    /** Reads versions. */
    @FunctionalInterface
    interface Pages {

        /** The versions that follow one; none after the last. */
        List<Row> after(Row row);
    }

    /**
     * @param first versions of the file, not none
     * @param line of a version
     * @param most the lines after which the file ends, at the end of the page that reaches them
     */
    InventoryLines(List<Row> first, Pages pages, Function<Row, String> line, int most) throws IOException {
        this.page = Objects.requireNonNull(first);
        this.pages = Objects.requireNonNull(pages);
        this.line = Objects.requireNonNull(line);
        this.most = most;
    }

    /** The last version that has a line. */
    Row last() {
        return last;
    }

    @Override
    public int read() throws IOException {
        return hasMore() ? ready[position++] & 0xff : -1;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (!hasMore()) {
            return -1;
        }
        int count = Math.min(length, ready.length - position);
        System.arraycopy(ready, position, buffer, offset, count);
        position += count;
        return count;
    }

    private boolean hasMore() throws IOException {
        while (position == ready.length && !ended) {
            compressPage();
            ready = compressed.toByteArray();
            compressed.reset();
            position = 0;
        }
        return position < ready.length;
    }

    private void compressPage() throws IOException {
        for (Row row : page) {
            compressor.write(line.apply(row).getBytes(UTF_8));
            last = row;
        }
        rows += page.size();
        page = rows < most ? pages.after(last) : List.of();
        if (page.isEmpty()) {
            compressor.finish();
            ended = true;
        }
    }
}
