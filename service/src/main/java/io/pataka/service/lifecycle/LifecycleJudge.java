package io.pataka.service.lifecycle;

import io.pataka.service.model.Bucket.Versioning;
import io.pataka.service.model.ObjectKey;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

/**
 * Decides what the rules of a bucket do with a version. Permanent deletion precedes a transition, and a transition precedes a delete marker.
 * Of several expirations the one that was due first decides, of several transitions the one to the last class in the order of the settings.
 * As with Ceph Gateway, a version also moves to a class that is earlier in that order than its own.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-conflicts.html">AWS: overlapping prefixes and
 *     conflicting actions</a>
 */
public final class LifecycleJudge {

    private static final long DEFAULT_MINIMUM_SIZE = 128 * 1024;

    private final LifecycleConfiguration configuration;
    private final LifecycleCalendar calendar;
    private final List<String> storageClasses;
    private final Versioning versioning;
    private final List<PreparedRule> rules;

    /**
     * @param storageClasses of the settings, in their order: the cheapest is the last
     * @param versioning of the bucket
     */
    public LifecycleJudge(
            LifecycleConfiguration configuration,
            LifecycleCalendar calendar,
            List<String> storageClasses,
            Versioning versioning) {
        this.configuration = Objects.requireNonNull(configuration);
        this.calendar = Objects.requireNonNull(calendar);
        this.storageClasses = List.copyOf(storageClasses);
        this.versioning = Objects.requireNonNull(versioning);
        this.rules = PreparedRule.enabled(configuration);
    }

    /** An action with the time since which it is due. */
    private record DueAction(Instant since, LifecycleAction action) {}

    /** A set of rows that the rules are about. */
    public enum Pass {
        CURRENT,
        NONCURRENT,
        UPLOADS
    }

    /** What the rules do with a version now; empty for nothing. */
    public Optional<LifecycleAction> judge(AgedVersion version, Instant now) {
        List<LifecycleRule> matching = rules.stream()
                .filter(prepared -> prepared.matches(version.key(), version.size(), version.tags()))
                .map(PreparedRule::rule)
                .toList();
        if (version.noncurrent().isPresent()) {
            return ofNoncurrent(version, version.noncurrent().get(), matching, now);
        }
        return version.deleteMarker() ? ofMarker(version, matching, now) : ofCurrent(version, matching, now);
    }

    /** What the rules do with an upload that is not complete. */
    public Optional<LifecycleAction> judgeUpload(ObjectKey key, Instant initiatedAt, Instant now) {
        return earliest(
                rules.stream()
                        .filter(prepared -> prepared.matches(key)
                                && prepared.rule().abortDays().isPresent())
                        .map(PreparedRule::rule)
                        .map(rule -> new DueAction(
                                calendar.due(initiatedAt, rule.abortDays().getAsInt()),
                                new LifecycleAction.AbortUpload(rule.id()))),
                now);
    }

    private Optional<LifecycleAction> ofMarker(AgedVersion marker, List<LifecycleRule> matching, Instant now) {
        if (!marker.lone()) {
            return Optional.empty();
        }
        return earliest(
                matching.stream()
                        .flatMap(rule -> rule.expiration().stream()
                                .flatMap(expiration -> expiration.removesLoneMarkers()
                                        ? Stream.of(marker.createdAt())
                                        : expiration.due().stream().map(due -> calendar.due(marker.createdAt(), due)))
                                .map(since -> new DueAction(since, new LifecycleAction.DeleteLoneMarker(rule.id())))),
                now);
    }

    private Optional<LifecycleAction> ofCurrent(AgedVersion version, List<LifecycleRule> matching, Instant now) {
        Optional<LifecycleAction> expired = earliest(
                matching.stream()
                        .flatMap(rule -> rule.expiration().flatMap(Expiration::due).stream()
                                .map(due -> new DueAction(
                                        calendar.due(version.createdAt(), due),
                                        new LifecycleAction.DeleteCurrent(rule.id())))),
                now);
        if (expired.isPresent() && isRemovedForGood(version)) {
            return expired;
        }
        return cheapest(
                        version,
                        matching.stream()
                                .flatMap(rule -> rule.transitions().stream()
                                        .filter(transition -> !calendar.due(version.createdAt(), transition.due())
                                                .isAfter(now))
                                        .filter(transition -> isLargeEnough(version, rule, transition.storageClass()))
                                        .map(transition ->
                                                new LifecycleAction.Transition(rule.id(), transition.storageClass()))))
                .or(() -> expired);
    }

    /** Expiration puts a delete marker on other versions. */
    private boolean isRemovedForGood(AgedVersion version) {
        return switch (versioning) {
            case OFF -> true;
            case ENABLED -> false;
            case SUSPENDED -> version.id().isNull();
        };
    }

    private Optional<LifecycleAction> ofNoncurrent(
            AgedVersion version, AgedVersion.Noncurrent age, List<LifecycleRule> matching, Instant now) {
        Optional<LifecycleAction> expired = earliest(
                matching.stream()
                        .flatMap(rule -> rule.noncurrentExpiration().stream()
                                .filter(expiration -> isBelow(expiration.newer(), age))
                                .map(expiration -> new DueAction(
                                        calendar.due(age.since(), expiration.days()),
                                        new LifecycleAction.DeleteNoncurrent(rule.id())))),
                now);
        if (expired.isPresent() || version.deleteMarker()) {
            return expired;
        }
        return cheapest(
                version,
                matching.stream()
                        .flatMap(rule -> rule.noncurrentTransitions().stream()
                                .filter(transition -> isBelow(transition.newer(), age)
                                        && !calendar.due(age.since(), transition.days())
                                                .isAfter(now))
                                .filter(transition -> isLargeEnough(version, rule, transition.storageClass()))
                                .map(transition ->
                                        new LifecycleAction.Transition(rule.id(), transition.storageClass()))));
    }

    private static boolean isBelow(OptionalInt newer, AgedVersion.Noncurrent age) {
        return newer.isEmpty() || age.newer() >= newer.getAsInt();
    }

    /** The action that was due first; of several of one time, that of the first rule. */
    private static Optional<LifecycleAction> earliest(Stream<DueAction> candidates, Instant now) {
        return candidates
                .filter(candidate -> !candidate.since().isAfter(now))
                .min(Comparator.comparing(DueAction::since))
                .map(DueAction::action);
    }

    /** The transition to the last storage class; nothing if the version has that class already. */
    private Optional<LifecycleAction> cheapest(AgedVersion version, Stream<LifecycleAction.Transition> due) {
        return due.filter(transition -> storageClasses.contains(transition.storageClass()))
                .reduce((first, second) ->
                        storageClasses.indexOf(second.storageClass()) > storageClasses.indexOf(first.storageClass())
                                ? second
                                : first)
                .filter(transition -> !transition.storageClass().equals(version.storageClass()))
                .map(LifecycleAction.class::cast);
    }

    private boolean isLargeEnough(AgedVersion version, LifecycleRule rule, String storageClass) {
        if (configuration.transitionMinimumSize().isEmpty() || rule.filter().hasSizes()) {
            return true;
        }
        boolean archive = storageClass.equals("GLACIER") || storageClass.equals("DEEP_ARCHIVE");
        boolean hasNoMinimum =
                archive && configuration.transitionMinimumSize().get().equals(LifecycleConfiguration.VARIES_BY_CLASS);
        return hasNoMinimum || version.size() >= DEFAULT_MINIMUM_SIZE;
    }

    /**
     * The keys of which versions need to be judged now, in the order of the keys. No rule does anything with a version (or an upload) that
     * no stretch selects.
     */
    public List<KeyStretch> stretches(Pass pass, Instant now) {
        return new KeyStretches(rules.stream().map(PreparedRule::rule).toList(), calendar, storageClasses, now)
                .of(pass);
    }
}
