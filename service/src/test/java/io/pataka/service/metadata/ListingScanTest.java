package io.pataka.service.metadata;

import static io.pataka.service.metadata.MetadataTestBed.CHANGE;
import static io.pataka.service.metadata.MetadataTestBed.OWNER;
import static org.assertj.core.api.Assertions.assertThat;

import io.pataka.service.metadata.ObjectIndex.KeyRange;
import io.pataka.service.metadata.ObjectIndex.ListedObject;
import io.pataka.service.metadata.ObjectIndex.NewVersion;
import io.pataka.service.metadata.ObjectIndex.RemovalRequest;
import io.pataka.service.model.BlobId;
import io.pataka.service.model.Bucket;
import io.pataka.service.model.Bucket.Versioning;
import io.pataka.service.model.Content;
import io.pataka.service.model.ETag;
import io.pataka.service.model.ObjectFacts;
import io.pataka.service.model.ObjectKey;
import io.pataka.service.model.WriteCondition;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Scans of random ranges of random keys, against a sorted set. */
final class ListingScanTest {

    private static MetadataTestBed bed;

    @BeforeAll
    static void open() {
        bed = new MetadataTestBed();
    }

    @AfterAll
    static void close() {
        bed.close();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void everyRangeHasTheKeysThatASortedSetHas(long seed) {
        Random random = new Random(seed);
        Bucket bucket = bed.bucket(seed % 2 == 0 ? Versioning.OFF : Versioning.ENABLED);
        TreeSet<ObjectKey> model = new TreeSet<>();
        for (int i = 0; i < 200; i++) {
            ObjectKey key = ObjectKey.of(bytes(random, 1));
            bed.objects.publish(
                    bucket,
                    new NewVersion(
                            key, i, new ETag("e"), OWNER, new Content.Whole(BlobId.random(0)), ObjectFacts.plain()),
                    WriteCondition.NONE,
                    CHANGE);
            model.add(key);
        }
        List<RemovalRequest> removals = new ArrayList<>();
        for (ObjectKey key : List.copyOf(model)) {
            if (random.nextInt(4) == 0) {
                removals.add(new RemovalRequest(key, Optional.empty(), WriteCondition.NONE));
                model.remove(key);
            }
        }
        bed.objects.removeAll(bucket, removals, CHANGE);

        for (int i = 0; i < 300; i++) {
            byte[] from = bytes(random, 0);
            boolean inclusive = random.nextBoolean();
            Optional<byte[]> before = random.nextBoolean() ? Optional.of(bytes(random, 0)) : Optional.empty();
            int limit = 1 + random.nextInt(50);
            List<ObjectKey> expected = model.stream()
                    .filter(key -> {
                        int order = Arrays.compareUnsigned(key.bytes(), from);
                        return order > 0 || (inclusive && order == 0);
                    })
                    .filter(key -> before.map(end -> Arrays.compareUnsigned(key.bytes(), end) < 0)
                            .orElse(true))
                    .limit(limit)
                    .toList();

            assertThat(bed.objects.scan(bucket, new KeyRange(from, inclusive, before), limit).stream()
                            .map(ListedObject::key))
                    .isEqualTo(expected);
        }
    }

    /** Few different bytes, so that keys are often prefixes of each other, and lengths around the longest key's. */
    private static byte[] bytes(Random random, int shortest) {
        int length =
                random.nextInt(10) == 0 ? 1022 + random.nextInt(shortest == 0 ? 5 : 3) : shortest + random.nextInt(5);
        byte[] alphabet = {0, ' ', '/', 'a', (byte) 0xC3, (byte) 0xFF};
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, alphabet[random.nextInt(alphabet.length)]);
        for (int i = Math.max(0, length - 4); i < length; i++) {
            bytes[i] = alphabet[random.nextInt(alphabet.length)];
        }
        return bytes;
    }
}
