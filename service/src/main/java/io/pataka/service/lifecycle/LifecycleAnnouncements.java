package io.pataka.service.lifecycle;

import io.pataka.service.model.ObjectKey;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** What clients are told of the future of an object or an upload, in real days whatever a day of the settings is. */
public final class LifecycleAnnouncements {

    private final List<PreparedRule> expiring;
    private final List<PreparedRule> aborting;

    public LifecycleAnnouncements(LifecycleConfiguration configuration) {
        List<PreparedRule> rules = PreparedRule.enabled(configuration);
        this.expiring = rules.stream()
                .filter(prepared -> due(prepared.rule()).isPresent())
                .toList();
        this.aborting = rules.stream()
                .filter(prepared -> prepared.rule().abortDays().isPresent())
                .toList();
    }

    private static Optional<Due> due(LifecycleRule rule) {
        return rule.expiration().flatMap(Expiration::due);
    }

    /**
     * An end, and the rule that brings it.
     *
     * @param time a midnight in UTC
     */
    public record Announcement(Instant time, String ruleId) {}

    /** The first end that a rule brings to the current version; empty if it does not expire before the year 10,000. */
    public Optional<Announcement> expiration(ObjectKey key, long size, Map<String, String> tags, Instant createdAt) {
        return first(expiring.stream()
                .filter(prepared -> prepared.matches(key, size, tags))
                .flatMap(prepared -> due(prepared.rule())
                        .flatMap(due -> LifecycleCalendar.announced(createdAt, due))
                        .map(time -> new Announcement(time, prepared.rule().id()))
                        .stream()));
    }

    /** When an upload that is not complete is aborted; empty if it is not before the year 10,000. */
    public Optional<Announcement> abort(ObjectKey key, Instant initiatedAt) {
        return first(aborting.stream()
                .filter(prepared -> prepared.matches(key))
                .flatMap(prepared -> LifecycleCalendar.announced(
                        initiatedAt, prepared.rule().abortDays().getAsInt())
                        .map(time -> new Announcement(time, prepared.rule().id()))
                        .stream()));
    }

    /** Of several of one time, that of the first rule. */
    private static Optional<Announcement> first(Stream<Announcement> announcements) {
        return announcements.min(Comparator.comparing(Announcement::time));
    }
}
