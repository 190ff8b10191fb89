package io.pataka.service.metadata;

import static org.assertj.core.api.Assertions.assertThat;

import io.pataka.service.metadata.RequestUsage.Counts;
import io.pataka.service.metadata.RequestUsage.Line;
import io.pataka.service.metadata.RequestUsage.Subject;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RequestUsageTest {

    private static final byte[] ONE = new byte[16];
    private static final byte[] OTHER = {1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
    private static final Instant HOUR = Instant.parse("2026-08-06T09:00:00Z");
    private static final Instant NEXT = HOUR.plus(1, ChronoUnit.HOURS);
    private static final Instant END = HOUR.plus(2, ChronoUnit.HOURS);

    private MetadataTestBed bed;
    private RequestUsage usage;

    @BeforeEach
    void open() {
        bed = new MetadataTestBed();
        usage = new MariaDbRequestUsage(bed.database);
    }

    @AfterEach
    void close() {
        bed.close();
    }

    private static Line line(String account, Instant hour, String bucket, String category, long ops) {
        return new Line(new Subject(account, hour, bucket, category), new Counts(ops, ops - 1, ops * 10, ops * 100));
    }

    @Test
    void addsUpWhatProcessesCounted() {
        usage.put(ONE, List.of(line("p", HOUR, "b", "get_obj", 3), line("q", HOUR, "b", "get_obj", 9)));
        usage.put(OTHER, List.of(line("p", HOUR, "b", "get_obj", 4)));

        assertThat(usage.hours("p", HOUR, END, 10))
                .containsExactly(new Line(new Subject("p", HOUR, "b", "get_obj"), new Counts(7, 5, 70, 700)));
    }

    @Test
    void aProcessReplacesWhatItStoredBefore() {
        usage.put(ONE, List.of(line("p", HOUR, "b", "get_obj", 3)));
        usage.put(ONE, List.of(line("p", HOUR, "b", "get_obj", 5)));
        usage.put(ONE, List.of());

        assertThat(usage.hours("p", HOUR, END, 10)).containsExactly(line("p", HOUR, "b", "get_obj", 5));
    }

    @Test
    void listsHoursBucketsAndCategoriesInTheirOrder() {
        Line last = line("p", NEXT, "a", "get_obj", 2);
        Line first = line("p", HOUR, "a", "put_obj", 3);
        Line second = line("p", HOUR, "b", "get_obj", 4);
        usage.put(ONE, List.of(last, second, first));

        assertThat(usage.hours("p", HOUR, END, 10)).containsExactly(first, second, last);
        assertThat(usage.hours("p", HOUR, END, 2)).containsExactly(first, second);
        assertThat(usage.hours("p", NEXT, END, 10)).containsExactly(last);
        assertThat(usage.hours("p", HOUR, NEXT, 10)).containsExactly(first, second);
    }

    @Test
    void addsUpHours() {
        usage.put(
                ONE,
                List.of(
                        line("p", HOUR, "b", "get_obj", 2),
                        line("p", NEXT, "b", "get_obj", 3),
                        line("p", END, "b", "get_obj", 100)));

        assertThat(usage.sums("p", HOUR, END, 10))
                .containsExactly(new Line(new Subject("p", HOUR, "b", "get_obj"), new Counts(5, 3, 50, 500)));
    }

    @Test
    void deletesWhatIsOld() {
        Instant now = Instant.now().truncatedTo(ChronoUnit.HOURS);
        Instant old = now.minus(3, ChronoUnit.DAYS);
        usage.put(
                ONE,
                List.of(
                        line("p", old, "a", "get_obj", 2),
                        line("p", old, "b", "get_obj", 2),
                        line("p", now, "a", "get_obj", 2)));

        assertThat(usage.expire(Duration.ofDays(2), 1)).isTrue();
        assertThat(usage.expire(Duration.ofDays(2), 2)).isFalse();

        assertThat(usage.hours("p", Instant.EPOCH, now.plusSeconds(1), 10))
                .containsExactly(line("p", now, "a", "get_obj", 2));
    }
}
