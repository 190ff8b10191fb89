package io.pataka.service.metadata;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.pataka.service.metadata.LogRecords.LogLine;
import io.pataka.service.model.Bucket;
import io.pataka.service.model.Bucket.Versioning;
import io.pataka.service.model.BucketName;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LogRecordsTest {

    private MetadataTestBed bed;
    private LogRecords records;
    private Bucket target;

    @BeforeEach
    void open() {
        bed = new MetadataTestBed();
        records = new MariaDbLogRecords(bed.database);
        target = bed.bucket(Versioning.OFF);
    }

    @AfterEach
    void close() {
        bed.close();
    }

    private LogLine line(BucketName bucket, String prefix, String text) {
        return new LogLine(bucket, prefix, Duration.ofSeconds(60), text.getBytes(US_ASCII));
    }

    private List<String> rows() {
        return bed.database.read(handle -> handle.createQuery(
                        "SELECT target_id, prefix, line FROM log_record ORDER BY id")
                .map((row, context) -> row.getLong(1) + " " + new String(row.getBytes(2), UTF_8) + " "
                        + new String(row.getBytes(3), US_ASCII))
                .list());
    }

    @Test
    void storesLinesInTheirOrder() {
        Bucket other = bed.bucket(Versioning.OFF);

        int added = records.add(List.of(
                line(target.name(), "lög/", "one"),
                line(other.name(), "", "two"),
                line(target.name(), "lög/", "three")));

        assertThat(added).isEqualTo(3);
        assertThat(rows())
                .containsExactly(target.id() + " lög/ one", other.id() + "  two", target.id() + " lög/ three");
    }

    @Test
    void leavesOutLinesForBucketsThatDoNotExist() {
        int added = records.add(List.of(line(new BucketName("gone"), "", "lost"), line(target.name(), "", "kept")));

        assertThat(added).isEqualTo(1);
        assertThat(rows()).containsExactly(target.id() + "  kept");
        assertThat(records.add(List.of(line(new BucketName("gone"), "", "lost"))))
                .isZero();
        assertThat(records.add(List.of())).isZero();
    }

    @Test
    void linesAreDueWhenTheirObjectHasToBeWritten() {
        records.add(List.of(line(target.name(), "", "one")));

        long seconds = bed.count("SELECT ROUND((due_at - UNIX_TIMESTAMP(NOW(6)) * 1000000) / 1000000) FROM log_record");
        assertThat(seconds).isBetween(1L, 60L);
        assertThat(bed.count("SELECT COUNT(*) FROM log_record WHERE roll_id IS NULL"))
                .isEqualTo(1);
    }

    @Test
    void takesAsManyLinesAsABatchHas() {
        LogLine line = line(target.name(), "p", "x".repeat(2000));

        assertThat(records.add(Collections.nCopies(500, line))).isEqualTo(500);
        assertThat(bed.count("SELECT COUNT(*) FROM log_record")).isEqualTo(500);
    }
}
