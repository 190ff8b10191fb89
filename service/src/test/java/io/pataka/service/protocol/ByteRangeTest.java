package io.pataka.service.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pataka.service.protocol.ByteRange.Span;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ByteRangeTest {

    @Property
    void everySatisfiableRangeLiesInTheObject(
            @ForAll @LongRange(min = 1, max = 100) long size,
            @ForAll @LongRange(min = 0, max = 120) long first,
            @ForAll @LongRange(min = 0, max = 120) long more) {
        Optional<ByteRange> range = ByteRange.parse(Optional.of("bytes=" + first + "-" + (first + more)));
        assertThat(range).isPresent();
        if (first >= size) {
            assertThatThrownBy(() -> range.get().within(size)).isInstanceOf(S3Exception.class);
            return;
        }
        Span span = range.get().within(size);

        assertThat(span.offset()).isEqualTo(first);
        assertThat(span.length()).isEqualTo(Math.min(first + more, size - 1) - first + 1);
    }

    @Test
    void lastBytesOfAnEmptyObjectAreNone() {
        assertThat(ByteRange.parse(Optional.of("bytes=-5")).orElseThrow().within(0))
                .isEqualTo(new Span(0, 0));
    }

    @ParameterizedTest
    @CsvSource({"bytes=0-,0", "bytes=0-5,0", "bytes=-0,0", "bytes=-0,7"})
    void noByteIsNoRange(String header, long size) {
        ByteRange range = ByteRange.parse(Optional.of(header)).orElseThrow();

        assertThatThrownBy(() -> range.within(size))
                .isInstanceOfSatisfying(
                        S3Exception.class,
                        refused -> assertThat(refused.error()).isEqualTo(S3Error.INVALID_RANGE));
    }

    @Test
    void namesTheSizeInTheErrorForARangeBehindTheEnd() {
        assertThatThrownBy(() ->
                        ByteRange.parse(Optional.of("bytes=9-")).orElseThrow().within(9))
                .isInstanceOfSatisfying(
                        S3Exception.class,
                        refused -> assertThat(refused.headers()).containsEntry("Content-Range", "bytes */9"));
    }
}
