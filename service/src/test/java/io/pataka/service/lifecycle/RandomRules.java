package io.pataka.service.lifecycle;

import io.pataka.service.model.ObjectKey;
import io.pataka.service.model.VersionId;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import java.util.TreeMap;

/** Rules and versions from few values, so that many of them match and many are due at the same time. */
final class RandomRules {

    static final List<String> CLASSES = List.of("STANDARD", "STANDARD_IA", "GLACIER");
    static final Instant NOW = Instant.parse("2026-03-10T05:00:00Z");

    private static final List<String> PREFIXES = List.of("", "a", "ab", "ab/", "b", "\u00e9", "\ud83d\ude00x");
    private static final List<String> KEYS =
            List.of("a", "ab", "ab/c", "ac", "b", "ba", "c", "\u00e9z", "\ud83d\ude00xy", "\uffff");
    private static final List<String> NAMES = List.of("STANDARD", "STANDARD_IA", "GLACIER", "UNKNOWN");

    private final Random random;

    RandomRules(long seed) {
        random = new Random(seed);
    }

    LifecycleConfiguration configuration() {
        List<LifecycleRule> rules = new ArrayList<>();
        int count = 1 + random.nextInt(6);
        for (int i = 0; i < count; i++) {
            rules.add(rule("rule" + i));
        }
        return new LifecycleConfiguration(
                rules,
                one(List.of(
                        Optional.empty(),
                        Optional.of(LifecycleConfiguration.ALL_CLASSES_128K),
                        Optional.of(LifecycleConfiguration.VARIES_BY_CLASS))));
    }

    private LifecycleRule rule(String id) {
        List<Transition> transitions = new ArrayList<>();
        List<NoncurrentTransition> noncurrent = new ArrayList<>();
        while (random.nextInt(3) == 0) {
            transitions.add(new Transition(due(0), one(NAMES)));
        }
        while (random.nextInt(3) == 0) {
            noncurrent.add(new NoncurrentTransition(random.nextInt(5), newer(), one(NAMES)));
        }
        LifecycleFilter filter = filter();
        return new LifecycleRule(
                id,
                random.nextInt(8) > 0,
                filter,
                filter.equals(LifecycleFilter.ofPrefix(filter.prefix()))
                        && filter.prefix().isPresent()
                        && random.nextBoolean(),
                random.nextInt(3) > 0 ? Optional.empty() : Optional.of(expiration()),
                transitions,
                random.nextInt(3) > 0
                        ? Optional.empty()
                        : Optional.of(new NoncurrentExpiration(1 + random.nextInt(4), newer())),
                noncurrent,
                random.nextInt(3) > 0 ? OptionalInt.empty() : OptionalInt.of(1 + random.nextInt(4)));
    }

    private LifecycleFilter filter() {
        TreeMap<String, String> tags = new TreeMap<>();
        if (random.nextInt(3) == 0) {
            tags.putAll(tags());
        }
        Optional<String> prefix = random.nextInt(4) == 0 ? Optional.empty() : Optional.of(one(PREFIXES));
        OptionalLong greater = random.nextInt(4) == 0 ? OptionalLong.of(size()) : OptionalLong.empty();
        OptionalLong less = random.nextInt(4) == 0 ? OptionalLong.of(size()) : OptionalLong.empty();
        long conditions = prefix.stream().count()
                + tags.size()
                + greater.stream().count()
                + less.stream().count();
        return new LifecycleFilter(prefix, tags, greater, less, conditions > 1);
    }

    private Expiration expiration() {
        return random.nextInt(3) == 0
                ? new Expiration(Optional.empty(), Optional.of(random.nextInt(4) > 0))
                : Expiration.at(due(1));
    }

    private Due due(int least) {
        return random.nextInt(4) == 0
                ? new Due.Date(NOW.truncatedTo(ChronoUnit.DAYS).plus(Duration.ofDays(random.nextInt(5) - 2)))
                : new Due.Days(least + random.nextInt(4));
    }

    private OptionalInt newer() {
        return random.nextBoolean() ? OptionalInt.empty() : OptionalInt.of(1 + random.nextInt(3));
    }

    private long size() {
        return one(List.of(0L, 1L, 128L * 1024 - 1, 128L * 1024, 128L * 1024 + 1));
    }

    private TreeMap<String, String> tags() {
        TreeMap<String, String> tags = new TreeMap<>();
        for (String key : List.of("k1", "k2")) {
            if (random.nextBoolean()) {
                tags.put(key, one(List.of("v1", "v2")));
            }
        }
        return tags;
    }

    Instant time() {
        Instant midnight = NOW.truncatedTo(ChronoUnit.DAYS).minus(Duration.ofDays(random.nextInt(6)));
        return switch (random.nextInt(4)) {
            case 0 -> midnight;
            case 1 -> midnight.plus(1, ChronoUnit.MICROS);
            case 2 -> midnight.minus(1, ChronoUnit.MICROS);
            default -> NOW.minus(Duration.ofHours(random.nextInt(150)));
        };
    }

    ObjectKey key() {
        return ObjectKey.of(one(KEYS));
    }

    AgedVersion version() {
        boolean marker = random.nextInt(3) == 0;
        boolean noncurrent = random.nextInt(3) == 0;
        Instant created = time();
        Instant since = time();
        return new AgedVersion(
                key(),
                new VersionId(1 + random.nextInt(5), random.nextBoolean()),
                created,
                noncurrent
                        ? Optional.of(new AgedVersion.Noncurrent(
                                since.isBefore(created) ? created : since, random.nextInt(4)))
                        : Optional.empty(),
                marker ? 0 : size(),
                marker ? new TreeMap<>() : tags(),
                marker ? "STANDARD" : one(NAMES),
                marker,
                marker && !noncurrent && random.nextBoolean());
    }

    <T> T one(List<T> values) {
        return values.get(random.nextInt(values.size()));
    }
}
