package io.pataka.service.lifecycle;

import io.pataka.service.lifecycle.LifecycleJudge.Pass;
import io.pataka.service.model.ObjectKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Cuts the keys of a bucket where the prefixes of its rules begin and end, so that a rule counts for a whole stretch or not at all. */
final class KeyStretches {

    private final List<LifecycleRule> rules;
    private final LifecycleCalendar calendar;
    private final List<String> storageClasses;
    private final Instant now;

    KeyStretches(List<LifecycleRule> rules, LifecycleCalendar calendar, List<String> storageClasses, Instant now) {
        this.rules = rules;
        this.calendar = calendar;
        this.storageClasses = storageClasses;
        this.now = now;
    }

    /** What one rule selects in a pass. */
    private record Selection(
            Optional<ObjectKey> from,
            Optional<ObjectKey> before,
            Instant removedBefore,
            Instant movedBefore,
            Set<String> targets,
            Instant markersBefore,
            boolean needsTags) {

        boolean selectsNothing() {
            return removedBefore.equals(Instant.EPOCH)
                    && movedBefore.equals(Instant.EPOCH)
                    && markersBefore.equals(Instant.EPOCH);
        }

        /** Whether it counts for all keys from {@code start} to the next boundary. */
        boolean covers(Optional<ObjectKey> start) {
            boolean begun = from.isEmpty() || (start.isPresent() && from.get().compareTo(start.get()) <= 0);
            boolean ended =
                    before.isPresent() && start.isPresent() && before.get().compareTo(start.get()) <= 0;
            return begun && !ended;
        }
    }

    List<KeyStretch> of(Pass pass) {
        List<Selection> selections = rules.stream()
                .map(rule -> selection(rule, pass))
                .filter(selection -> !selection.selectsNothing())
                .toList();
        TreeSet<ObjectKey> boundaries = new TreeSet<>();
        selections.forEach(selection -> {
            selection.from().ifPresent(boundaries::add);
            selection.before().ifPresent(boundaries::add);
        });
        List<KeyStretch> stretches = new ArrayList<>();
        Optional<ObjectKey> start = Optional.empty();
        for (ObjectKey boundary : boundaries) {
            add(stretches, start, Optional.of(boundary), selections);
            start = Optional.of(boundary);
        }
        add(stretches, start, Optional.empty(), selections);
        return stretches;
    }

    private void add(
            List<KeyStretch> stretches,
            Optional<ObjectKey> from,
            Optional<ObjectKey> before,
            List<Selection> selections) {
        List<Selection> counting =
                selections.stream().filter(selection -> selection.covers(from)).toList();
        if (counting.isEmpty()) {
            return;
        }
        KeyStretch next = stretch(from, before, counting);
        if (!stretches.isEmpty()) {
            KeyStretch last = stretches.get(stretches.size() - 1);
            KeyStretch joined = stretch(last.from(), before, counting);
            // The same conditions, and no gap: one stretch.
            if (last.before().equals(from) && joined.equals(withEnd(last, before))) {
                stretches.set(stretches.size() - 1, joined);
                return;
            }
        }
        stretches.add(next);
    }

    private static KeyStretch withEnd(KeyStretch stretch, Optional<ObjectKey> before) {
        return new KeyStretch(
                stretch.from(),
                before,
                stretch.removedBefore(),
                stretch.movedBefore(),
                stretch.settledClasses(),
                stretch.markersBefore(),
                stretch.needsTags());
    }

    private static KeyStretch stretch(Optional<ObjectKey> from, Optional<ObjectKey> before, List<Selection> counting) {
        Instant removed = Instant.EPOCH;
        Instant moved = Instant.EPOCH;
        Instant markers = Instant.EPOCH;
        boolean needsTags = false;
        Set<String> targets = new HashSet<>();
        for (Selection selection : counting) {
            removed = later(removed, selection.removedBefore());
            moved = later(moved, selection.movedBefore());
            markers = later(markers, selection.markersBefore());
            needsTags |= selection.needsTags();
            targets.addAll(selection.targets());
        }
        return new KeyStretch(
                from, before, removed, moved, targets.size() == 1 ? targets : Set.of(), markers, needsTags);
    }

    private Selection selection(LifecycleRule rule, Pass pass) {
        return switch (pass) {
            case CURRENT -> ofCurrent(rule);
            case NONCURRENT -> ofNoncurrent(rule);
            case UPLOADS -> ofUploads(rule);
        };
    }

    private Selection ofCurrent(LifecycleRule rule) {
        Instant removed = rule.expiration()
                .flatMap(Expiration::due)
                .map(due -> calendar.dueBefore(due, now))
                .orElse(Instant.EPOCH);
        boolean all = rule.expiration().filter(Expiration::removesLoneMarkers).isPresent();
        Instant moved = Instant.EPOCH;
        Set<String> targets = new HashSet<>();
        for (Transition transition : rule.transitions()) {
            Instant due = calendar.dueBefore(transition.due(), now);
            if (due.isAfter(Instant.EPOCH) && storageClasses.contains(transition.storageClass())) {
                moved = later(moved, due);
                targets.add(transition.storageClass());
            }
        }
        return selection(rule, removed, moved, targets, all ? LifecycleCalendar.after(now) : removed);
    }

    /** A version became noncurrent after it was created. */
    private Selection ofNoncurrent(LifecycleRule rule) {
        Instant removed = rule.noncurrentExpiration()
                .map(expiration -> calendar.dueBefore(expiration.days(), now))
                .orElse(Instant.EPOCH);
        Instant moved = Instant.EPOCH;
        Set<String> targets = new HashSet<>();
        for (NoncurrentTransition transition : rule.noncurrentTransitions()) {
            if (storageClasses.contains(transition.storageClass())) {
                moved = later(moved, calendar.dueBefore(transition.days(), now));
                targets.add(transition.storageClass());
            }
        }
        return selection(rule, removed, moved, targets, removed);
    }

    private Selection ofUploads(LifecycleRule rule) {
        Instant aborted = rule.abortDays().isPresent()
                ? calendar.dueBefore(rule.abortDays().getAsInt(), now)
                : Instant.EPOCH;
        return selection(rule, aborted, Instant.EPOCH, Set.of(), Instant.EPOCH);
    }

    private static Selection selection(
            LifecycleRule rule, Instant removed, Instant moved, Set<String> targets, Instant markers) {
        boolean tags = !rule.filter().tags().isEmpty();
        Optional<ObjectKey> from =
                rule.filter().prefix().filter(prefix -> !prefix.isEmpty()).map(ObjectKey::of);
        // A delete marker has no tags.
        return new Selection(
                from, from.map(KeyStretches::end), removed, moved, targets, tags ? Instant.EPOCH : markers, tags);
    }

    /** The first key behind all that begin with this text. A byte of UTF-8 is never the largest. */
    private static ObjectKey end(ObjectKey prefix) {
        byte[] end = prefix.bytes();
        end[end.length - 1]++;
        return ObjectKey.of(end);
    }

    private static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }
}
