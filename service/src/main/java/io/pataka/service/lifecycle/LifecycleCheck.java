package io.pataka.service.lifecycle;

import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What rules of a right form must not say, with the answers of Amazon. */
final class LifecycleCheck {

    /** The most noncurrent versions that a rule can keep whatever their age. */
    static final int MAX_NEWER = 100;

    static final int MAX_RULES = 1_000;
    private static final int MAX_ID = 255;

    private LifecycleCheck() {}

    /**
     * @throws S3Exception InvalidArgument or InvalidRequest
     */
    static void require(LifecycleConfiguration configuration) {
        if (configuration.rules().size() > MAX_RULES) {
            throw invalidRequest("A lifecycle configuration cannot have more than " + MAX_RULES + " rules");
        }
        Set<String> ids = new HashSet<>();
        for (LifecycleRule rule : configuration.rules()) {
            if (rule.id().length() > MAX_ID) {
                throw invalidArgument("ID length should not exceed allowed limit of " + MAX_ID)
                        .argument("ID", rule.id());
            }
            if (!ids.add(rule.id())) {
                throw invalidArgument("Rule ID must be unique. Found same ID for more than one rule")
                        .argument("ID", rule.id());
            }
            requireActions(rule);
            requireSizes(rule.filter());
            requireFilterForActions(rule);
            requireOrder(rule);
            requireOrderOfNoncurrent(rule);
        }
    }

    private static void requireActions(LifecycleRule rule) {
        if (rule.expiration().isEmpty()
                && rule.transitions().isEmpty()
                && rule.noncurrentExpiration().isEmpty()
                && rule.noncurrentTransitions().isEmpty()
                && rule.abortDays().isEmpty()) {
            throw invalidRequest("At least one action needs to be specified in a rule");
        }
    }

    private static void requireSizes(LifecycleFilter filter) {
        if (filter.sizeGreaterThan().orElse(0) < 0) {
            throw invalidArgument("'ObjectSizeGreaterThan' must be nonnegative");
        }
        if (filter.sizeLessThan().orElse(1) < 1) {
            throw invalidArgument("'ObjectSizeLessThan' must be a positive integer");
        }
        if (filter.sizeGreaterThan().isPresent()
                && filter.sizeLessThan().isPresent()
                && filter.sizeGreaterThan().getAsLong() >= filter.sizeLessThan().getAsLong()) {
            throw invalidRequest("'ObjectSizeLessThan' has to be a value greater than 'ObjectSizeGreaterThan'.");
        }
    }

    /** Delete markers and uploads have neither tags nor a size. */
    private static void requireFilterForActions(LifecycleRule rule) {
        if (rule.expiration().flatMap(Expiration::loneMarkers).isPresent()) {
            requireNeitherTagsNorSize(rule.filter(), "ExpiredObjectDeleteMarker");
        }
        if (rule.abortDays().isPresent()) {
            requireNeitherTagsNorSize(rule.filter(), "AbortIncompleteMultipartUpload");
        }
    }

    private static void requireNeitherTagsNorSize(LifecycleFilter filter, String action) {
        if (!filter.tags().isEmpty()) {
            throw invalidRequest(action + " cannot be specified with Tags.");
        }
        if (filter.hasSizes()) {
            throw invalidRequest(action + " cannot be specified with Object Size.");
        }
    }

    private static void requireOrder(LifecycleRule rule) {
        String filter = text(rule.filter());
        List<Due> moves = rule.transitions().stream().map(Transition::due).toList();
        Optional<Due> end = rule.expiration().flatMap(Expiration::due);
        boolean dated = moves.stream().anyMatch(Due.Date.class::isInstance)
                || end.filter(Due.Date.class::isInstance).isPresent();
        boolean aged = moves.stream().anyMatch(Due.Days.class::isInstance)
                || end.filter(Due.Days.class::isInstance).isPresent();
        if (dated && aged) {
            throw invalidRequest(
                    "Found mixed 'Date' and 'Days' based Expiration and Transition actions in lifecycle rule"
                            + " for filter '" + filter + "'");
        }
        requireDifferentClasses(
                rule.transitions().stream().map(Transition::storageClass).toList(), "Transition", filter);
        for (Due move : moves) {
            if (end.isPresent() && !isBefore(move, end.get())) {
                throw isNotLater(dated ? "Date" : "Days", "Expiration", "Transition", filter);
            }
        }
    }

    private static boolean isBefore(Due move, Due end) {
        if (move instanceof Due.Days first && end instanceof Due.Days second) {
            return first.days() < second.days();
        }
        Instant first = ((Due.Date) move).date();
        return first.isBefore(((Due.Date) end).date());
    }

    private static void requireOrderOfNoncurrent(LifecycleRule rule) {
        String filter = text(rule.filter());
        requireDifferentClasses(
                rule.noncurrentTransitions().stream()
                        .map(NoncurrentTransition::storageClass)
                        .toList(),
                "NoncurrentVersionTransition",
                filter);
        for (NoncurrentTransition move : rule.noncurrentTransitions()) {
            if (rule.noncurrentExpiration().isPresent()
                    && move.days() >= rule.noncurrentExpiration().get().days()) {
                throw isNotLater(
                        "NoncurrentDays", "NoncurrentVersionExpiration", "NoncurrentVersionTransition", filter);
            }
        }
    }

    private static void requireDifferentClasses(List<String> storageClasses, String action, String filter) {
        if (new HashSet<>(storageClasses).size() < storageClasses.size()) {
            throw invalidArgument("'StorageClass' must be different for '" + action
                    + "' actions in same 'Rule' with filter '" + filter + "'");
        }
    }

    private static S3Exception isNotLater(String element, String removal, String move, String filter) {
        return invalidArgument("'" + element + "' in the " + removal + " action for filter '" + filter
                + "' must be greater than '" + element + "' in the " + move + " action");
    }

    /** The filter as Amazon's messages name it. */
    private static String text(LifecycleFilter filter) {
        return "(prefix=" + filter.prefix().orElse("") + ")";
    }

    private static S3Exception invalidArgument(String message) {
        return new S3Exception(S3Error.INVALID_ARGUMENT, message);
    }

    private static S3Exception invalidRequest(String message) {
        return new S3Exception(S3Error.INVALID_REQUEST, message);
    }
}
