package io.pataka.service.operation.listing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.pataka.service.protocol.EncodingType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** The pager against a naive reference: all pages together are the whole listing, each line once, in order. */
class ListingPagerPropertiesTest {

    /** Keys over bytes that collide often, with the highest byte among them. */
    @Provide
    Arbitrary<Set<String>> keys() {
        return Arbitraries.strings()
                .withChars('a', 'b', '/', '\u00ff')
                .ofMinLength(1)
                .ofMaxLength(6)
                .set()
                .ofMaxSize(60);
    }

    @Provide
    Arbitrary<String> prefixes() {
        return Arbitraries.strings().withChars('a', 'b', '/', '\u00ff').ofMaxLength(3);
    }

    @Provide
    Arbitrary<String> delimiters() {
        return Arbitraries.of("", "/", "a", "/b", "b/", "aa", "\u00ff");
    }

    @Property(tries = 2000)
    void pagesMakeTheWholeListing(
            @ForAll("keys") Set<String> keys,
            @ForAll("prefixes") String prefix,
            @ForAll("delimiters") String delimiter,
            @ForAll @IntRange(min = 1, max = 9) int pageSize) {
        Keys source = new Keys(keys);
        ListingPager<String> pager = new ListingPager<>(source);
        List<String> lines = new ArrayList<>();
        Optional<ListingPosition> next = Optional.of(ListingPosition.BEGINNING);
        while (next.isPresent()) {
            ListingPage<String> page = pager.page(bytes(prefix), bytes(delimiter), next.get(), pageSize);
            assertThat(page.lines().size()).isLessThanOrEqualTo(pageSize);
            assertThat(page.isTruncated())
                    .isEqualTo(page.lines().size() == pageSize
                            && lines.size() + pageSize
                                    < reference(keys, prefix, delimiter).size());
            page.lines().forEach(line -> lines.add(text(line)));
            next = page.next();
        }

        assertThat(lines).isEqualTo(reference(keys, prefix, delimiter));
    }

    @Property(tries = 500)
    void costsNoMoreQueriesThanLines(
            @ForAll("keys") Set<String> keys,
            @ForAll("delimiters") String delimiter,
            @ForAll @IntRange(min = 1, max = 9) int pageSize) {
        Keys source = new Keys(keys);

        ListingPage<String> page =
                new ListingPager<>(source).page(KeyBytes.NONE, bytes(delimiter), ListingPosition.BEGINNING, pageSize);

        assertThat(source.queries).isLessThanOrEqualTo(page.lines().size() + 1);
        assertThat(source.largest).isLessThanOrEqualTo(pageSize + 1);
    }

    @Property(tries = 500)
    void markersGoOnLikeTokens(
            @ForAll("keys") Set<String> keys,
            @ForAll("prefixes") String prefix,
            @ForAll("delimiters") String delimiter,
            @ForAll @IntRange(min = 1, max = 9) int pageSize) {
        ListingPager<String> pager = new ListingPager<>(new Keys(keys));
        ListingRequest request = new ListingRequest(bytes(prefix), bytes(delimiter), pageSize, EncodingType.PLAIN);
        List<String> lines = new ArrayList<>();
        byte[] marker = KeyBytes.NONE;
        boolean more = true;
        while (more) {
            Optional<ListingPosition> start = Markers.after(marker, request);
            assertThat(start).isPresent();
            ListingPage<String> page = pager.page(request.prefix(), request.delimiter(), start.get(), pageSize);
            page.lines().forEach(line -> lines.add(text(line)));
            more = page.isTruncated();
            marker = lines.isEmpty() ? marker : bytes(lines.get(lines.size() - 1));
        }

        assertThat(lines).isEqualTo(reference(keys, prefix, delimiter));
    }

    private static List<String> reference(Set<String> keys, String prefix, String delimiter) {
        Set<String> lines = new TreeSet<>();
        for (String key : keys) {
            if (key.startsWith(prefix)) {
                int at = delimiter.isEmpty() ? -1 : key.indexOf(delimiter, prefix.length());
                lines.add(at < 0 ? key : key.substring(0, at + delimiter.length()));
            }
        }
        return List.copyOf(lines);
    }

    private static String text(ListingPage.Line<String> line) {
        return line.entry().orElseGet(() -> new String(line.commonPrefix(), ISO_8859_1));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(ISO_8859_1);
    }

    /** A sorted set of keys, which counts what it is asked. */
    private static final class Keys implements ListingSource<String> {
        private final TreeSet<String> keys;
        private int queries;
        private int largest;

        private Keys(Set<String> keys) {
            this.keys = new TreeSet<>(keys);
        }

        @Override
        public List<String> next(ListingPosition from, Optional<byte[]> before, int limit) {
            queries++;
            largest = Math.max(largest, limit);
            return keys.stream()
                    .filter(key -> {
                        int order = Arrays.compareUnsigned(bytes(key), from.key());
                        return from.inclusive() ? order >= 0 : order > 0;
                    })
                    .filter(key -> before.filter(end -> Arrays.compareUnsigned(bytes(key), end) >= 0)
                            .isEmpty())
                    .limit(limit)
                    .toList();
        }

        @Override
        public byte[] key(String entry) {
            return bytes(entry);
        }

        @Override
        public ListingPosition after(String entry) {
            return ListingPosition.after(bytes(entry));
        }
    }
}
