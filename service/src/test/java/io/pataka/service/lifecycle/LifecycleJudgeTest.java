package io.pataka.service.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.pataka.service.lifecycle.LifecycleJudge.Pass;
import io.pataka.service.model.Bucket.Versioning;
import io.pataka.service.model.ObjectKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Compares the judge with a slow evaluator, which tries all rules on all versions. */
class LifecycleJudgeTest {

    private static final int CONFIGURATIONS = 3_000;
    private static final int VERSIONS = 30;

    @Test
    void decidesAsTheRulesSay() {
        Map<Class<?>, Integer> seen = new HashMap<>();
        for (int seed = 0; seed < CONFIGURATIONS; seed++) {
            RandomRules random = new RandomRules(seed);
            LifecycleConfiguration configuration = random.configuration();
            Duration day = random.one(List.of(Duration.ofDays(1), Duration.ofHours(7)));
            Versioning versioning = random.one(List.of(Versioning.values()));
            LifecycleJudge judge =
                    new LifecycleJudge(configuration, new LifecycleCalendar(day), RandomRules.CLASSES, versioning);
            for (int i = 0; i < VERSIONS; i++) {
                AgedVersion version = random.version();
                Optional<LifecycleAction> action = judge.judge(version, RandomRules.NOW);
                assertThat(action)
                        .as("%s of %s in %s", version, configuration, versioning)
                        .isEqualTo(new SlowJudge(configuration, day, versioning).judge(version));
                action.ifPresent(found -> seen.merge(found.getClass(), 1, Integer::sum));
                requireSelected(
                        judge.stretches(
                                version.noncurrent().isPresent() ? Pass.NONCURRENT : Pass.CURRENT, RandomRules.NOW),
                        version,
                        action.isPresent());
            }
            ObjectKey key = random.key();
            Instant initiated = random.time();
            Optional<LifecycleAction> abort = judge.judgeUpload(key, initiated, RandomRules.NOW);
            assertThat(abort).isEqualTo(new SlowJudge(configuration, day, versioning).judgeUpload(key, initiated));
            abort.ifPresent(found -> seen.merge(found.getClass(), 1, Integer::sum));
            List<KeyStretch> uploads = judge.stretches(Pass.UPLOADS, RandomRules.NOW);
            assertThat(holding(uploads, key).anyMatch(stretch -> initiated.isBefore(stretch.removedBefore())))
                    .isEqualTo(abort.isPresent());
        }
        assertThat(seen).hasSize(LifecycleAction.class.getPermittedSubclasses().length);
    }

    /** A version on which a rule acts is selected by one stretch, which fetches the tags that the rule needs. */
    private static void requireSelected(List<KeyStretch> stretches, AgedVersion version, boolean acted) {
        List<KeyStretch> selecting = holding(stretches, version.key())
                .filter(stretch -> version.createdAt().isBefore(stretch.removedBefore())
                        || (version.createdAt().isBefore(stretch.movedBefore())
                                && !stretch.settledClasses().contains(version.storageClass()))
                        || (version.deleteMarker() && version.createdAt().isBefore(stretch.markersBefore())))
                .toList();
        if (acted) {
            assertThat(selecting).as("%s", version).hasSize(1);
        }
    }

    private static Stream<KeyStretch> holding(List<KeyStretch> stretches, ObjectKey key) {
        return stretches.stream()
                .filter(stretch ->
                        stretch.from().filter(from -> from.compareTo(key) > 0).isEmpty()
                                && stretch.before()
                                        .filter(before -> before.compareTo(key) <= 0)
                                        .isEmpty());
    }

    @Test
    void withoutTagsTheJudgeDecidesTheSameInStretchesThatNeedNone() {
        int judged = 0;
        for (int seed = 0; seed < CONFIGURATIONS; seed++) {
            RandomRules random = new RandomRules(seed);
            LifecycleJudge judge = new LifecycleJudge(
                    random.configuration(),
                    new LifecycleCalendar(Duration.ofDays(1)),
                    RandomRules.CLASSES,
                    Versioning.ENABLED);
            AgedVersion version = random.version();
            Pass pass = version.noncurrent().isPresent() ? Pass.NONCURRENT : Pass.CURRENT;
            boolean needsTags = holding(judge.stretches(pass, RandomRules.NOW), version.key())
                    .anyMatch(KeyStretch::needsTags);
            if (!needsTags) {
                judged++;
                assertThat(judge.judge(withoutTags(version), RandomRules.NOW))
                        .isEqualTo(judge.judge(version, RandomRules.NOW));
            }
        }
        assertThat(judged).isGreaterThan(CONFIGURATIONS / 10);
    }

    private static AgedVersion withoutTags(AgedVersion version) {
        return new AgedVersion(
                version.key(),
                version.id(),
                version.createdAt(),
                version.noncurrent(),
                version.size(),
                Map.of(),
                version.storageClass(),
                version.deleteMarker(),
                version.lone());
    }

    @Test
    void stretchesAreInOrderAndDoNotOverlap() {
        for (int seed = 0; seed < CONFIGURATIONS; seed++) {
            LifecycleJudge judge = new LifecycleJudge(
                    new RandomRules(seed).configuration(),
                    new LifecycleCalendar(Duration.ofDays(1)),
                    RandomRules.CLASSES,
                    Versioning.OFF);
            for (Pass pass : Pass.values()) {
                List<KeyStretch> stretches = judge.stretches(pass, RandomRules.NOW);
                for (int i = 1; i < stretches.size(); i++) {
                    assertThat(stretches.get(i - 1).before().orElseThrow())
                            .isLessThanOrEqualTo(stretches.get(i).from().orElseThrow());
                }
            }
        }
    }

    @Test
    void aRuleForTheWholeBucketIsOneStretch() {
        LifecycleRule rule = new LifecycleRule(
                "all",
                true,
                LifecycleFilter.ALL,
                false,
                Optional.of(Expiration.at(new Due.Days(1))),
                List.of(),
                Optional.empty(),
                List.of(),
                OptionalInt.empty());
        LifecycleJudge judge = new LifecycleJudge(
                new LifecycleConfiguration(List.of(rule), Optional.empty()),
                new LifecycleCalendar(Duration.ofDays(1)),
                RandomRules.CLASSES,
                Versioning.OFF);
        assertThat(judge.stretches(Pass.CURRENT, RandomRules.NOW))
                .singleElement()
                .satisfies(stretch -> {
                    assertThat(stretch.from()).isEmpty();
                    assertThat(stretch.before()).isEmpty();
                    assertThat(stretch.needsTags()).isFalse();
                });
        assertThat(judge.stretches(Pass.NONCURRENT, RandomRules.NOW)).isEmpty();
        assertThat(judge.stretches(Pass.UPLOADS, RandomRules.NOW)).isEmpty();
    }

    /** Reads the rules as a person would: one candidate after the other, and the better one stays. */
    private record SlowJudge(LifecycleConfiguration configuration, Duration day, Versioning versioning) {

        Optional<LifecycleAction> judge(AgedVersion version) {
            LifecycleAction removal = null;
            Instant removalSince = null;
            LifecycleAction.Transition move = null;
            for (LifecycleRule rule : configuration.rules()) {
                if (!rule.enabled() || !matches(rule.filter(), version)) {
                    continue;
                }
                LifecycleAction candidate = removal(rule, version);
                Instant since = candidate == null ? null : removalSince(rule, version);
                if (candidate != null
                        && !since.isAfter(RandomRules.NOW)
                        && (removal == null || since.isBefore(removalSince))) {
                    removal = candidate;
                    removalSince = since;
                }
                for (LifecycleAction.Transition possible : moves(rule, version)) {
                    if (rank(possible.storageClass()) >= 0
                            && (move == null || rank(possible.storageClass()) > rank(move.storageClass()))) {
                        move = possible;
                    }
                }
            }
            if (move != null && move.storageClass().equals(version.storageClass())) {
                move = null;
            }
            boolean putsMarker = removal instanceof LifecycleAction.DeleteCurrent
                    && (versioning == Versioning.ENABLED
                            || (versioning == Versioning.SUSPENDED
                                    && !version.id().isNull()));
            if (removal == null || (putsMarker && move != null)) {
                return Optional.ofNullable(move);
            }
            return Optional.of(removal);
        }

        Optional<LifecycleAction> judgeUpload(ObjectKey key, Instant initiated) {
            LifecycleRule first = null;
            for (LifecycleRule rule : configuration.rules()) {
                boolean counts = rule.enabled()
                        && rule.abortDays().isPresent()
                        && hasPrefix(key, rule.filter().prefix().orElse(""))
                        && !end(initiated, rule.abortDays().getAsInt()).isAfter(RandomRules.NOW);
                if (counts
                        && (first == null
                                || end(initiated, rule.abortDays().getAsInt())
                                        .isBefore(
                                                end(initiated, first.abortDays().getAsInt())))) {
                    first = rule;
                }
            }
            return Optional.ofNullable(first).map(rule -> new LifecycleAction.AbortUpload(rule.id()));
        }

        private static int rank(String storageClass) {
            return List.of("STANDARD", "STANDARD_IA", "GLACIER").indexOf(storageClass);
        }

        private static boolean hasPrefix(ObjectKey key, String prefix) {
            return key.toString().startsWith(prefix);
        }

        private static boolean matches(LifecycleFilter filter, AgedVersion version) {
            return hasPrefix(version.key(), filter.prefix().orElse(""))
                    && filter.tags().entrySet().stream()
                            .allMatch(
                                    tag -> tag.getValue().equals(version.tags().get(tag.getKey())))
                    && version.size() > filter.sizeGreaterThan().orElse(-1)
                    && version.size() < filter.sizeLessThan().orElse(Long.MAX_VALUE);
        }

        private LifecycleAction removal(LifecycleRule rule, AgedVersion version) {
            if (version.noncurrent().isPresent()) {
                boolean goes = rule.noncurrentExpiration().isPresent()
                        && version.noncurrent().get().newer()
                                >= rule.noncurrentExpiration().get().newer().orElse(0);
                return goes ? new LifecycleAction.DeleteNoncurrent(rule.id()) : null;
            }
            if (rule.expiration().isEmpty()) {
                return null;
            }
            Expiration expiration = rule.expiration().get();
            boolean timed = expiration.due().isPresent();
            if (version.deleteMarker()) {
                return version.lone() && (timed || expiration.loneMarkers().orElse(false))
                        ? new LifecycleAction.DeleteLoneMarker(rule.id())
                        : null;
            }
            return timed ? new LifecycleAction.DeleteCurrent(rule.id()) : null;
        }

        private Instant removalSince(LifecycleRule rule, AgedVersion version) {
            if (version.noncurrent().isPresent()) {
                return end(
                        version.noncurrent().get().since(),
                        rule.noncurrentExpiration().get().days());
            }
            return rule.expiration()
                    .flatMap(Expiration::due)
                    .map(due -> when(due, version.createdAt()))
                    .orElse(version.createdAt());
        }

        private List<LifecycleAction.Transition> moves(LifecycleRule rule, AgedVersion version) {
            List<LifecycleAction.Transition> moves = new ArrayList<>();
            if (version.deleteMarker()) {
                return moves;
            }
            if (version.noncurrent().isPresent()) {
                AgedVersion.Noncurrent age = version.noncurrent().get();
                rule.noncurrentTransitions().stream()
                        .filter(each -> age.newer() >= each.newer().orElse(0))
                        .filter(each -> !end(age.since(), each.days()).isAfter(RandomRules.NOW))
                        .forEach(each -> moves.add(new LifecycleAction.Transition(rule.id(), each.storageClass())));
            } else {
                rule.transitions().stream()
                        .filter(each -> !when(each.due(), version.createdAt()).isAfter(RandomRules.NOW))
                        .forEach(each -> moves.add(new LifecycleAction.Transition(rule.id(), each.storageClass())));
            }
            boolean ownSizes = rule.filter().sizeGreaterThan().isPresent()
                    || rule.filter().sizeLessThan().isPresent();
            String minimum = configuration.transitionMinimumSize().orElse("none");
            moves.removeIf(move -> !ownSizes
                    && version.size() < 131_072
                    && (minimum.startsWith("all")
                            || (minimum.startsWith("varies")
                                    && !move.storageClass().equals("GLACIER"))));
            return moves;
        }

        private Instant when(Due due, Instant created) {
            return due instanceof Due.Date date ? date.date() : end(created, ((Due.Days) due).days());
        }

        /** Goes from one midnight to the next until one is late enough. */
        private Instant end(Instant since, int days) {
            if (!day.equals(Duration.ofDays(1))) {
                return since.plus(day.multipliedBy(days));
            }
            Instant midnight = Instant.parse("2026-02-20T00:00:00Z");
            while (Duration.between(since, midnight).compareTo(Duration.ofDays(days)) < 0) {
                midnight = midnight.plus(Duration.ofDays(1));
            }
            return midnight;
        }
    }
}
