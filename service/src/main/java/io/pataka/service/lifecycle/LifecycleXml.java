package io.pataka.service.lifecycle;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.pataka.service.model.ObjectKey;
import io.pataka.service.protocol.ObjectTags;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import io.pataka.service.protocol.S3Time;
import io.pataka.service.protocol.WholeNumber;
import io.pataka.service.protocol.xml.XmlElement;
import io.pataka.service.protocol.xml.XmlWriter;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;

/**
 * The document of a bucket's lifecycle rules.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketLifecycleConfiguration.html">AWS:
 *     PutBucketLifecycleConfiguration</a>
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/intro-lifecycle-rules.html">AWS: lifecycle configuration elements</a>
 */
public final class LifecycleXml {

    /** The most bytes that a document may have. */
    public static final int MAX_LENGTH = 1 << 20;

    /** Fifty for each rule. */
    private static final int MAX_ELEMENTS = 50_000;

    /** The stored form has an id for each rule, and what the client sent in a header. */
    private static final int MAX_STORED_ELEMENTS = MAX_ELEMENTS + LifecycleCheck.MAX_RULES + 1;

    private static final String ROOT = "LifecycleConfiguration";
    private static final String RULE = "Rule";
    private static final String ID = "ID";
    private static final String STATUS = "Status";
    private static final String FILTER = "Filter";
    private static final String AND = "And";
    private static final String PREFIX = "Prefix";
    private static final String TAG = "Tag";
    private static final String KEY = "Key";
    private static final String VALUE = "Value";
    private static final String GREATER = "ObjectSizeGreaterThan";
    private static final String LESS = "ObjectSizeLessThan";
    private static final String EXPIRATION = "Expiration";
    private static final String DATE = "Date";
    private static final String DAYS = "Days";
    private static final String LONE_MARKER = "ExpiredObjectDeleteMarker";
    private static final String TRANSITION = "Transition";
    private static final String STORAGE_CLASS = "StorageClass";
    private static final String NONCURRENT_EXPIRATION = "NoncurrentVersionExpiration";
    private static final String NONCURRENT_TRANSITION = "NoncurrentVersionTransition";
    private static final String NONCURRENT_DAYS = "NoncurrentDays";
    private static final String NEWER = "NewerNoncurrentVersions";
    private static final String ABORT = "AbortIncompleteMultipartUpload";
    private static final String AFTER_INITIATION = "DaysAfterInitiation";

    /** The elements that have children. All others have text alone. */
    private static final Set<String> BRANCHES = Set.of(
            ROOT, RULE, FILTER, AND, TAG, EXPIRATION, TRANSITION, NONCURRENT_EXPIRATION, NONCURRENT_TRANSITION, ABORT);

    /** Only in the stored form: clients send and get it in a header. */
    private static final String MINIMUM_SIZE = "TransitionDefaultMinimumObjectSize";

    private static final int LAST_YEAR = 9999;

    private LifecycleXml() {}

    /**
     * Reads what a client sent. A rule without an id gets one. Conditions that stand side by side in a filter are taken, as by Ceph Gateway,
     * and mean the same as in {@code And}.
     *
     * @param minimumSize the client's header
     * @throws S3Exception MalformedXML for a document that does not have the form; InvalidArgument or InvalidRequest for rules that cannot be
     *     meant
     */
    public static LifecycleConfiguration read(byte[] document, Optional<String> minimumSize) {
        LifecycleConfiguration read =
                new LifecycleConfiguration(rules(parse(document, MAX_ELEMENTS).only(RULE)), minimumSize);
        LifecycleCheck.require(read);
        return read;
    }

    /**
     * Reads what {@link #store} wrote.
     *
     * @throws S3Exception for any other text
     */
    public static LifecycleConfiguration load(String stored) {
        XmlElement root = parse(stored.getBytes(UTF_8), MAX_STORED_ELEMENTS).only(RULE, MINIMUM_SIZE);
        return new LifecycleConfiguration(rules(root), root.textOf(MINIMUM_SIZE));
    }

    private static XmlElement parse(byte[] document, int maxElements) {
        XmlElement root = XmlElement.parse(document, ROOT, maxElements);
        requireNothingInLeaves(root);
        return root;
    }

    private static void requireNothingInLeaves(XmlElement element) {
        List<XmlElement> children = element.children();
        if (!children.isEmpty() && !BRANCHES.contains(element.name())) {
            throw malformed();
        }
        children.forEach(LifecycleXml::requireNothingInLeaves);
    }

    private static List<LifecycleRule> rules(XmlElement root) {
        List<LifecycleRule> rules =
                root.all(RULE).stream().map(LifecycleXml::rule).toList();
        if (rules.isEmpty()) {
            throw malformed();
        }
        return rules;
    }

    private static LifecycleRule rule(XmlElement rule) {
        rule.only(
                        ID,
                        STATUS,
                        FILTER,
                        PREFIX,
                        EXPIRATION,
                        TRANSITION,
                        NONCURRENT_EXPIRATION,
                        NONCURRENT_TRANSITION,
                        ABORT)
                .once(ID, STATUS, FILTER, PREFIX, EXPIRATION, NONCURRENT_EXPIRATION, ABORT);
        Optional<XmlElement> filter = rule.first(FILTER);
        Optional<String> prefix = rule.textOf(PREFIX);
        if (filter.isPresent() == prefix.isPresent()) {
            throw malformed();
        }
        prefix.ifPresent(LifecycleXml::requireLengthOfPrefix);
        return new LifecycleRule(
                rule.textOf(ID)
                        .filter(id -> !id.isEmpty())
                        .orElseGet(() -> UUID.randomUUID().toString()),
                isEnabled(rule.requiredText(STATUS)),
                filter.map(LifecycleXml::filter).orElseGet(() -> LifecycleFilter.ofPrefix(prefix)),
                prefix.isPresent(),
                rule.first(EXPIRATION).map(LifecycleXml::expiration),
                rule.all(TRANSITION).stream().map(LifecycleXml::transition).toList(),
                rule.first(NONCURRENT_EXPIRATION).map(LifecycleXml::noncurrentExpiration),
                rule.all(NONCURRENT_TRANSITION).stream()
                        .map(LifecycleXml::noncurrentTransition)
                        .toList(),
                rule.first(ABORT).map(LifecycleXml::abort).orElse(OptionalInt.empty()));
    }

    private static boolean isEnabled(String status) {
        return switch (status) {
            case "Enabled" -> true;
            case "Disabled" -> false;
            default -> throw malformed();
        };
    }

    private static LifecycleFilter filter(XmlElement filter) {
        filter.only(PREFIX, TAG, GREATER, LESS, AND).once(PREFIX, TAG, GREATER, LESS, AND);
        Optional<XmlElement> and = filter.first(AND);
        and.ifPresent(LifecycleXml::requireConditions);
        List<XmlElement> places = and.map(inner -> List.of(filter, inner)).orElse(List.of(filter));
        TreeMap<String, String> tags = new TreeMap<>();
        Optional<String> prefix = Optional.empty();
        OptionalLong greater = OptionalLong.empty();
        OptionalLong less = OptionalLong.empty();
        int conditions = 0;
        for (XmlElement place : places) {
            place.all(TAG).forEach(tag -> add(tag, tags));
            prefix = stricter(prefix, place.textOf(PREFIX));
            greater = stricter(greater, place.textOf(GREATER).map(LifecycleXml::size), true);
            less = stricter(less, place.textOf(LESS).map(LifecycleXml::size), false);
            conditions += place.children().size();
        }
        return new LifecycleFilter(prefix, tags, greater, less, and.isPresent() || conditions > 1);
    }

    /** Amazon refuses a list of conditions that says no more than a prefix. */
    private static void requireConditions(XmlElement and) {
        and.only(PREFIX, TAG, GREATER, LESS).once(PREFIX, GREATER, LESS);
        if (and.children().size() == and.all(PREFIX).size()) {
            throw malformed();
        }
    }

    private static void add(XmlElement tag, TreeMap<String, String> tags) {
        tag.only(KEY, VALUE).once(KEY, VALUE);
        String key = tag.requiredText(KEY);
        String value = tag.requiredText(VALUE);
        ObjectTags.requireWithinLimits(key, value);
        if (tags.put(key, value) != null) {
            throw new S3Exception(S3Error.INVALID_REQUEST, "Duplicate Tag Keys are not allowed.");
        }
    }

    /** Both must hold, so the longer prefix counts. */
    private static Optional<String> stricter(Optional<String> one, Optional<String> other) {
        other.ifPresent(LifecycleXml::requireLengthOfPrefix);
        if (one.isEmpty() || other.isEmpty()) {
            return one.or(() -> other);
        }
        String longer = one.get().length() > other.get().length() ? one.get() : other.get();
        if (!longer.startsWith(one.get()) || !longer.startsWith(other.get())) {
            throw malformed();
        }
        return Optional.of(longer);
    }

    private static OptionalLong stricter(OptionalLong one, Optional<Long> other, boolean larger) {
        if (one.isEmpty() || other.isEmpty()) {
            return other.isPresent() ? OptionalLong.of(other.get()) : one;
        }
        return OptionalLong.of(
                larger ? Math.max(one.getAsLong(), other.get()) : Math.min(one.getAsLong(), other.get()));
    }

    private static void requireLengthOfPrefix(String prefix) {
        if (prefix.getBytes(UTF_8).length > ObjectKey.MAX_LENGTH) {
            throw new S3Exception(
                    S3Error.INVALID_REQUEST, "The maximum size of a prefix is " + ObjectKey.MAX_LENGTH + ".");
        }
    }

    private static long size(String text) {
        return WholeNumber.ofLong(text.strip()).orElseThrow(LifecycleXml::malformed);
    }

    private static Expiration expiration(XmlElement expiration) {
        expiration.only(DATE, DAYS, LONE_MARKER);
        if (expiration.children().size() != 1) {
            throw malformed();
        }
        return expiration
                .textOf(LONE_MARKER)
                .map(text -> new Expiration(Optional.empty(), Optional.of(flag(text))))
                .orElseGet(() -> Expiration.at(due(expiration, EXPIRATION, 1)));
    }

    private static boolean flag(String text) {
        return switch (text.strip()) {
            case "true", "True", "TRUE", "1" -> true;
            case "false", "False", "FALSE", "0" -> false;
            default -> throw malformed();
        };
    }

    private static Transition transition(XmlElement transition) {
        transition.only(DATE, DAYS, STORAGE_CLASS).once(STORAGE_CLASS);
        if (transition.children().size() != 2) {
            throw malformed();
        }
        return new Transition(due(transition, TRANSITION, 0), storageClass(transition));
    }

    private static String storageClass(XmlElement transition) {
        return transition.requiredText(STORAGE_CLASS).strip();
    }

    private static Due due(XmlElement element, String action, int least) {
        Optional<String> date = element.textOf(DATE);
        return date.isPresent() ? new Due.Date(midnight(date.get())) : new Due.Days(days(element, DAYS, action, least));
    }

    private static Instant midnight(String text) {
        Instant time = S3Time.readXml(text)
                .or(() -> day(text.strip()))
                .filter(read -> {
                    int year = read.atZone(ZoneOffset.UTC).getYear();
                    return year >= 0 && year <= LAST_YEAR;
                })
                .orElseThrow(LifecycleXml::malformed);
        if (!time.equals(time.atZone(ZoneOffset.UTC)
                .toLocalDate()
                .atStartOfDay(ZoneOffset.UTC)
                .toInstant())) {
            throw new S3Exception(S3Error.INVALID_ARGUMENT, "'Date' must be at midnight GMT").argument(DATE, text);
        }
        return time;
    }

    /** A date alone, which is its midnight in UTC. */
    private static Optional<Instant> day(String text) {
        try {
            return Optional.of(
                    LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant());
        } catch (DateTimeException notADate) {
            return Optional.empty();
        }
    }

    private static int days(XmlElement element, String name, String action, int least) {
        String text = element.requiredText(name).strip();
        int days = number(text);
        if (days < least) {
            throw new S3Exception(
                            S3Error.INVALID_ARGUMENT,
                            "'" + name + "' for " + action + " action must be "
                                    + (least > 0 ? "a positive integer" : "nonnegative"))
                    .argument(name, text);
        }
        return days;
    }

    private static int number(String text) {
        return WholeNumber.ofInt(text).orElseThrow(LifecycleXml::malformed);
    }

    private static NoncurrentExpiration noncurrentExpiration(XmlElement element) {
        element.only(NONCURRENT_DAYS, NEWER).once(NONCURRENT_DAYS, NEWER);
        return new NoncurrentExpiration(
                days(element, NONCURRENT_DAYS, NONCURRENT_EXPIRATION, 1), newer(element, NONCURRENT_EXPIRATION));
    }

    private static NoncurrentTransition noncurrentTransition(XmlElement element) {
        element.only(NONCURRENT_DAYS, NEWER, STORAGE_CLASS).once(NONCURRENT_DAYS, NEWER, STORAGE_CLASS);
        return new NoncurrentTransition(
                days(element, NONCURRENT_DAYS, NONCURRENT_TRANSITION, 0),
                newer(element, NONCURRENT_TRANSITION),
                storageClass(element));
    }

    private static OptionalInt newer(XmlElement element, String action) {
        Optional<String> text = element.textOf(NEWER).map(String::strip);
        if (text.isEmpty()) {
            return OptionalInt.empty();
        }
        int newer = number(text.get());
        if (newer < 1 || newer > LifecycleCheck.MAX_NEWER) {
            throw new S3Exception(
                            S3Error.INVALID_ARGUMENT,
                            "'" + NEWER + "' for " + action + " action must be between 1 and "
                                    + LifecycleCheck.MAX_NEWER)
                    .argument(NEWER, text.get());
        }
        return OptionalInt.of(newer);
    }

    private static OptionalInt abort(XmlElement element) {
        element.only(AFTER_INITIATION).once(AFTER_INITIATION);
        return OptionalInt.of(days(element, AFTER_INITIATION, ABORT, 1));
    }

    private static S3Exception malformed() {
        return new S3Exception(S3Error.MALFORMED_XML);
    }

    /** The document for clients. */
    public static byte[] write(LifecycleConfiguration configuration) {
        return document(configuration).toBytes();
    }

    /** The form to store: the document for clients and what they sent in a header. */
    public static String store(LifecycleConfiguration configuration) {
        XmlWriter xml = document(configuration).leaf(MINIMUM_SIZE, configuration.transitionMinimumSize());
        return new String(xml.toBytes(), UTF_8);
    }

    private static XmlWriter document(LifecycleConfiguration configuration) {
        XmlWriter xml = XmlWriter.document(ROOT);
        for (LifecycleRule rule : configuration.rules()) {
            xml.open(RULE).leaf(ID, rule.id());
            if (rule.legacyPrefix()) {
                xml.leaf(PREFIX, rule.filter().prefix());
            } else {
                write(rule.filter(), xml);
            }
            xml.leaf(STATUS, rule.enabled() ? "Enabled" : "Disabled");
            rule.expiration().ifPresent(expiration -> write(expiration, xml));
            for (Transition transition : rule.transitions()) {
                xml.open(TRANSITION);
                write(transition.due(), xml);
                xml.leaf(STORAGE_CLASS, transition.storageClass()).close();
            }
            rule.noncurrentExpiration().ifPresent(expiration -> {
                xml.open(NONCURRENT_EXPIRATION).leaf(NONCURRENT_DAYS, expiration.days());
                expiration.newer().ifPresent(newer -> xml.leaf(NEWER, newer));
                xml.close();
            });
            for (NoncurrentTransition transition : rule.noncurrentTransitions()) {
                xml.open(NONCURRENT_TRANSITION).leaf(NONCURRENT_DAYS, transition.days());
                transition.newer().ifPresent(newer -> xml.leaf(NEWER, newer));
                xml.leaf(STORAGE_CLASS, transition.storageClass()).close();
            }
            rule.abortDays()
                    .ifPresent(
                            days -> xml.open(ABORT).leaf(AFTER_INITIATION, days).close());
            xml.close();
        }
        return xml;
    }

    private static void write(LifecycleFilter filter, XmlWriter xml) {
        if (filter.equals(LifecycleFilter.ALL)) {
            xml.leaf(FILTER, "");
            return;
        }
        xml.open(FILTER);
        if (filter.and()) {
            xml.open(AND);
        }
        xml.leaf(PREFIX, filter.prefix());
        filter.tags()
                .forEach((key, value) ->
                        xml.open(TAG).leaf(KEY, key).leaf(VALUE, value).close());
        filter.sizeGreaterThan().ifPresent(size -> xml.leaf(GREATER, size));
        filter.sizeLessThan().ifPresent(size -> xml.leaf(LESS, size));
        if (filter.and()) {
            xml.close();
        }
        xml.close();
    }

    private static void write(Expiration expiration, XmlWriter xml) {
        xml.open(EXPIRATION);
        expiration.due().ifPresent(due -> write(due, xml));
        expiration.loneMarkers().ifPresent(removed -> xml.leaf(LONE_MARKER, removed));
        xml.close();
    }

    private static void write(Due due, XmlWriter xml) {
        if (due instanceof Due.Days age) {
            xml.leaf(DAYS, age.days());
        } else {
            xml.leaf(DATE, S3Time.xml(((Due.Date) due).date()));
        }
    }
}
