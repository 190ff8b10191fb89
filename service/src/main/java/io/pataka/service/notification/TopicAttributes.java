package io.pataka.service.notification;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.pataka.service.notification.Endpoint.AmqpAck;
import io.pataka.service.notification.Endpoint.Mechanism;
import io.pataka.service.notification.Endpoint.Tls;
import io.pataka.service.protocol.WholeNumber;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The attributes of a topic, which are those of Ceph Gateway. Each is stored as text under the name that clients use. They have been
 * checked, each for itself and all together. The password is not among them.
 *
 * @see <a href="https://docs.ceph.com/en/latest/radosgw/notifications/#create-a-topic">Ceph: attributes of a topic</a>
 */
public final class TopicAttributes {

    /** A topic without attributes, whose events are dropped. */
    public static final TopicAttributes NONE = new TopicAttributes(new TreeMap<>(), new Endpoint.None());

    /** The most bytes of the names of AMQP, such as an exchange or a routing key. */
    static final int LONGEST_AMQP_NAME = 255;

    static final String PUSH_ENDPOINT = "push-endpoint";
    static final String USER_NAME = "user-name";
    static final String PASSWORD = "password";
    static final String POLICY = "Policy";
    static final String OPAQUE_DATA = "OpaqueData";
    static final String PERSISTENT = "persistent";
    static final String TIME_TO_LIVE = "time_to_live";
    static final String MAX_RETRIES = "max_retries";
    static final String RETRY_SLEEP_DURATION = "retry_sleep_duration";

    private static final String VERIFY_SSL = "verify-ssl";
    private static final String USE_SSL = "use-ssl";
    private static final String CLOUDEVENTS = "cloudevents";
    private static final String CA_LOCATION = "ca-location";
    private static final String AMQP_EXCHANGE = "amqp-exchange";
    private static final String AMQP_ACK_LEVEL = "amqp-ack-level";
    private static final String KAFKA_ACK_LEVEL = "kafka-ack-level";
    private static final String KAFKA_BROKERS = "kafka-brokers";
    private static final String MECHANISM = "mechanism";

    /** Those of the endpoint beside its address, in the order in which they are shown. */
    static final List<String> OF_ENDPOINT = List.of(
            VERIFY_SSL,
            USE_SSL,
            CA_LOCATION,
            AMQP_ACK_LEVEL,
            AMQP_EXCHANGE,
            KAFKA_ACK_LEVEL,
            KAFKA_BROKERS,
            MECHANISM,
            CLOUDEVENTS,
            USER_NAME);

    private static final Set<String> SWITCHES = Set.of(PERSISTENT, VERIFY_SSL, USE_SSL, CLOUDEVENTS);
    private static final Set<String> NUMBERS = Set.of(TIME_TO_LIVE, MAX_RETRIES, RETRY_SLEEP_DURATION);
    private static final int KAFKA_PORT = 9092;
    private static final int LONGEST_KAFKA_NAME = 249;
    private static final int MOST_BROKERS = 32;
    private static final int LONGEST_TEXT = 2048;
    private static final int LONGEST_OPAQUE_DATA = 4096;
    private static final int LONGEST_POLICY = 20_480;

    private static final JsonMapper JSON = new JsonMapper();

    private final SortedMap<String, String> values;
    private final Endpoint endpoint;

    private TopicAttributes(SortedMap<String, String> values, Endpoint endpoint) {
        this.values = Collections.unmodifiableSortedMap(values);
        this.endpoint = endpoint;
    }

    /**
     * Attributes of which at least one was set, and what becomes of the topic's password.
     *
     * @param keepsPassword whether the topic keeps its password, if it has one; then there is no new one
     * @param password the new one; empty for none
     */
    public record Changed(TopicAttributes attributes, boolean keepsPassword, Optional<EndpointPassword> password) {
        public Changed {
            Objects.requireNonNull(attributes);
            Objects.requireNonNull(password);
        }
    }

    /**
     * The attributes of a new topic.
     *
     * @param sent by name; an empty value is as none
     * @throws InvalidAttributeException for an unknown attribute, a wrong value, or values that contradict each other
     */
    public static Changed of(Map<String, String> sent) throws InvalidAttributeException {
        SortedMap<String, String> values = new TreeMap<>();
        Optional<EndpointPassword> password = Optional.empty();
        for (Map.Entry<String, String> each : sent.entrySet()) {
            if (each.getKey().equals(PASSWORD)) {
                password = Optional.of(each.getValue())
                        .filter(text -> !text.isEmpty())
                        .map(EndpointPassword::new);
                checkLength(PASSWORD, each.getValue());
            } else {
                put(values, each.getKey(), each.getValue());
            }
        }
        Optional<EndpointAddress.Login> login = takeLogin(values);
        if (login.isPresent() && !values.containsKey(USER_NAME)) {
            values.put(USER_NAME, login.get().user());
        }
        if (password.isEmpty()) {
            password = login.map(EndpointAddress.Login::password);
        }
        requireUser(values, password.isPresent());
        return new Changed(checked(values), false, password);
    }

    /**
     * These attributes with one that was set anew. If events are sent to another address from now on, the user and the password for the
     * earlier one are forgotten: a caller who may change the address must not get them.
     *
     * @param value empty to remove the attribute
     * @throws InvalidAttributeException as {@link #of}
     */
    public Changed with(String name, String value) throws InvalidAttributeException {
        SortedMap<String, String> changed = new TreeMap<>(values);
        if (name.equals(PASSWORD)) {
            checkLength(PASSWORD, value);
            requireUser(changed, !value.isEmpty());
            return new Changed(
                    this,
                    false,
                    Optional.of(value).filter(text -> !text.isEmpty()).map(EndpointPassword::new));
        }
        put(changed, name, value);
        if (name.equals(PUSH_ENDPOINT)) {
            Optional<EndpointAddress.Login> login = takeLogin(changed);
            if (login.isPresent()) {
                changed.put(USER_NAME, login.get().user());
                return new Changed(checked(changed), false, login.map(EndpointAddress.Login::password));
            }
        }
        boolean moved = (name.equals(PUSH_ENDPOINT) || name.equals(KAFKA_BROKERS))
                && !values.getOrDefault(name, "").equals(changed.getOrDefault(name, ""));
        if (moved) {
            changed.remove(USER_NAME);
        }
        return new Changed(checked(changed), changed.containsKey(USER_NAME), Optional.empty());
    }

    private static void put(SortedMap<String, String> values, String name, String value)
            throws InvalidAttributeException {
        checkName(name);
        checkLength(name, value);
        if (value.isEmpty()) {
            values.remove(name);
        } else {
            values.put(name, normal(name, value));
        }
    }

    private static void checkName(String name) throws InvalidAttributeException {
        boolean isKnown = OF_ENDPOINT.contains(name)
                || SWITCHES.contains(name)
                || NUMBERS.contains(name)
                || name.equals(PUSH_ENDPOINT)
                || name.equals(OPAQUE_DATA)
                || name.equals(POLICY);
        if (!isKnown) {
            throw new InvalidAttributeException("Topics have no attribute of this name: " + name);
        }
    }

    private static void checkLength(String name, String value) throws InvalidAttributeException {
        boolean isFree = name.equals(POLICY) || name.equals(OPAQUE_DATA);
        int longest = name.equals(POLICY) ? LONGEST_POLICY : isFree ? LONGEST_OPAQUE_DATA : LONGEST_TEXT;
        if (value.getBytes(UTF_8).length > longest) {
            throw new InvalidAttributeException("The attribute " + name + " is longer than " + longest + " bytes");
        }
        if (!value.codePoints().allMatch(TopicAttributes::isOfXml)
                || !isFree && value.chars().anyMatch(Character::isISOControl)) {
            throw new InvalidAttributeException("The attribute " + name + " has a control character");
        }
    }

    /** Whether a document of XML 1.0, such as the answers with the attributes, may have the character. */
    private static boolean isOfXml(int c) {
        return c >= ' ' && c <= 0xD7FF
                || c == '\t'
                || c == '\n'
                || c == '\r'
                || c >= 0xE000 && c <= 0xFFFD
                || c >= Character.MIN_SUPPLEMENTARY_CODE_POINT;
    }

    private static String normal(String name, String value) throws InvalidAttributeException {
        if (SWITCHES.contains(name)) {
            return switch (value.toLowerCase(Locale.ROOT)) {
                case "true", "1" -> "true";
                case "false", "0" -> "false";
                default -> throw new InvalidAttributeException("The attribute " + name + " must be true or false");
            };
        }
        if (NUMBERS.contains(name)) {
            OptionalLong number = number(value);
            if (number.isEmpty()) {
                throw new InvalidAttributeException(
                        "The attribute " + name + " must be a whole number from 0 to " + Integer.MAX_VALUE);
            }
            return Long.toString(number.getAsLong());
        }
        return value;
    }

    private static OptionalLong number(String text) {
        return WholeNumber.ofLong(text).stream()
                .filter(number -> number >= 0 && number <= Integer.MAX_VALUE)
                .findFirst();
    }

    /** Takes user and password out of the address. */
    private static Optional<EndpointAddress.Login> takeLogin(SortedMap<String, String> values)
            throws InvalidAttributeException {
        String address = values.getOrDefault(PUSH_ENDPOINT, "");
        if (address.isEmpty() || EndpointAddress.isOslo(address)) {
            return Optional.empty();
        }
        Optional<EndpointAddress.Login> login = EndpointAddress.login(address);
        if (login.isPresent()) {
            values.put(PUSH_ENDPOINT, EndpointAddress.parse(address).text());
        }
        return login;
    }

    private static void requireUser(SortedMap<String, String> values, boolean hasPassword)
            throws InvalidAttributeException {
        if (hasPassword && !values.containsKey(USER_NAME)) {
            throw new InvalidAttributeException("The attribute password needs the attribute user-name");
        }
    }

    private static TopicAttributes checked(SortedMap<String, String> values) throws InvalidAttributeException {
        checkChoice(values, AMQP_ACK_LEVEL, "none", "broker", "routable");
        checkChoice(values, KAFKA_ACK_LEVEL, "none", "broker");
        mechanism(values);
        brokers(values);
        authorities(values);
        exchange(values);
        return new TopicAttributes(values, endpointOf(values));
    }

    private static void checkChoice(SortedMap<String, String> values, String name, String... choices)
            throws InvalidAttributeException {
        String value = values.get(name);
        if (value != null && !List.of(choices).contains(value)) {
            throw new InvalidAttributeException(
                    "The attribute " + name + " must be one of: " + String.join(", ", choices));
        }
    }

    private static Endpoint endpointOf(SortedMap<String, String> values) throws InvalidAttributeException {
        String text = values.getOrDefault(PUSH_ENDPOINT, "");
        if (text.isEmpty()) {
            return new Endpoint.None();
        }
        if (EndpointAddress.isOslo(text)) {
            return new Endpoint.Oslo();
        }
        EndpointAddress address = EndpointAddress.parse(text);
        Optional<String> user = Optional.ofNullable(values.get(USER_NAME));
        boolean verifies = isOn(values, VERIFY_SSL, true);
        Tls tls = new Tls(verifies, authorities(values));
        return switch (address.scheme()) {
            case "http", "https" -> new Endpoint.Http(address.uri(), user, verifies, isOn(values, CLOUDEVENTS, false));
            case "amqp", "amqps" ->
                new Endpoint.Amqp(
                        address.server(),
                        Optional.of(tls).filter(used -> address.scheme().equals("amqps")),
                        address.virtualHost(),
                        user,
                        exchange(values)
                                .orElseThrow(() -> new InvalidAttributeException(
                                        "An endpoint of amqp needs the attribute amqp-exchange")),
                        AmqpAck.valueOf(
                                values.getOrDefault(AMQP_ACK_LEVEL, "broker").toUpperCase(Locale.ROOT)));
            default -> {
                List<HostPort> brokers = new ArrayList<>(List.of(address.server()));
                brokers(values).stream().filter(more -> !brokers.contains(more)).forEach(brokers::add);
                yield new Endpoint.Kafka(
                        brokers,
                        Optional.of(tls).filter(used -> isOn(values, USE_SSL, false)),
                        user,
                        mechanism(values),
                        values.getOrDefault(KAFKA_ACK_LEVEL, "broker").equals("broker"));
            }
        };
    }

    private static boolean isOn(SortedMap<String, String> values, String name, boolean otherwise) {
        return Boolean.parseBoolean(values.getOrDefault(name, Boolean.toString(otherwise)));
    }

    private static Mechanism mechanism(SortedMap<String, String> values) throws InvalidAttributeException {
        return Mechanism.named(values.getOrDefault(MECHANISM, Mechanism.PLAIN.text()))
                .orElseThrow(
                        () -> new InvalidAttributeException(
                                "The attribute mechanism must be PLAIN, SCRAM-SHA-256 or SCRAM-SHA-512; this service offers no other"));
    }

    private static List<HostPort> brokers(SortedMap<String, String> values) throws InvalidAttributeException {
        List<HostPort> brokers = new ArrayList<>();
        String text = values.getOrDefault(KAFKA_BROKERS, "");
        for (String each : text.isEmpty() ? new String[0] : text.split(",", -1)) {
            brokers.add(HostPort.parse(each.trim(), KAFKA_PORT)
                    .orElseThrow(() -> new InvalidAttributeException(
                            "The attribute kafka-brokers must be a list of host:port, separated by commas")));
        }
        if (brokers.size() > MOST_BROKERS) {
            throw new InvalidAttributeException(
                    "The attribute kafka-brokers has more than " + MOST_BROKERS + " brokers");
        }
        return brokers;
    }

    private static Optional<String> exchange(SortedMap<String, String> values) throws InvalidAttributeException {
        Optional<String> exchange = Optional.ofNullable(values.get(AMQP_EXCHANGE));
        if (exchange.isPresent() && exchange.get().getBytes(UTF_8).length > LONGEST_AMQP_NAME) {
            throw new InvalidAttributeException(
                    "The attribute amqp-exchange is longer than " + LONGEST_AMQP_NAME + " bytes");
        }
        return exchange;
    }

    /** A name without a path: a client must not learn which files the server has. */
    private static Optional<String> authorities(SortedMap<String, String> values) throws InvalidAttributeException {
        Optional<String> file = Optional.ofNullable(values.get(CA_LOCATION));
        if (file.isPresent() && (file.get().indexOf('/') >= 0 || file.get().startsWith("."))) {
            throw new InvalidAttributeException(
                    "The attribute ca-location must be the name of a file that the operator offers, without a path");
        }
        return file;
    }

    /**
     * Checks that the endpoint can have messages of a topic.
     *
     * @throws InvalidAttributeException when the name is too long for the endpoint
     */
    public void checkName(TopicName name) throws InvalidAttributeException {
        int longest = endpoint instanceof Endpoint.Amqp
                ? LONGEST_AMQP_NAME
                : endpoint instanceof Endpoint.Kafka ? LONGEST_KAFKA_NAME : TopicName.LONGEST;
        if (name.text().length() > longest) {
            throw new InvalidAttributeException(
                    "The name of a topic with this endpoint may have at most " + longest + " characters");
        }
    }

    /** Where events are sent. */
    public Endpoint endpoint() {
        return endpoint;
    }

    /** What is copied into each event; empty for nothing. */
    public String opaqueData() {
        return values.getOrDefault(OPAQUE_DATA, "");
    }

    /** The text of the topic's policy. */
    public Optional<String> policy() {
        return Optional.ofNullable(values.get(POLICY));
    }

    /** Seconds for which an event is tried; empty for the operator's default, zero for ever. */
    public OptionalLong timeToLive() {
        return number(TIME_TO_LIVE, values);
    }

    /** How often an event is tried again; empty for the operator's default, zero for ever. */
    public OptionalLong maxRetries() {
        return number(MAX_RETRIES, values);
    }

    /** Seconds between two attempts; empty for the operator's default, zero for none but the back-off of the service. */
    public OptionalLong retrySleepDuration() {
        return number(RETRY_SLEEP_DURATION, values);
    }

    private static OptionalLong number(String name, SortedMap<String, String> values) {
        return values.containsKey(name) ? number(values.get(name)) : OptionalLong.empty();
    }

    /** The attributes by name, without a password. */
    public SortedMap<String, String> values() {
        return values;
    }

    /**
     * What Ceph shows of the endpoint, by name: its address without a password, the other attributes of the endpoint, and how long events
     * are tried. {@code None} stands for the operator's default.
     *
     * @param hasPassword whether a password is stored for the topic
     */
    public Map<String, Object> shown(String topic, boolean hasPassword) {
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("EndpointAddress", values.getOrDefault(PUSH_ENDPOINT, ""));
        shown.put(
                "EndpointArgs",
                OF_ENDPOINT.stream()
                        .filter(values::containsKey)
                        .map(name -> name + "=" + values.get(name))
                        .collect(Collectors.joining("&")));
        shown.put("EndpointTopic", topic);
        shown.put("HasStoredSecret", hasPassword);
        shown.put("Persistent", isOn(values, PERSISTENT, false));
        shown.put("TimeToLive", values.getOrDefault(TIME_TO_LIVE, "None"));
        shown.put("MaxRetries", values.getOrDefault(MAX_RETRIES, "None"));
        shown.put("RetrySleepDuration", values.getOrDefault(RETRY_SLEEP_DURATION, "None"));
        return shown;
    }

    /** The form in which they are stored: an object of JSON. */
    public String json() {
        try {
            return JSON.writeValueAsString(values);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("texts cannot be written", impossible);
        }
    }

    /**
     * Reads what {@link #json} wrote.
     *
     * @throws IllegalStateException when it is something else
     */
    public static TopicAttributes ofJson(String json) {
        try {
            return checked(JSON.readValue(json, new TypeReference<TreeMap<String, String>>() {}));
        } catch (JsonProcessingException | InvalidAttributeException damaged) {
            throw new IllegalStateException("the stored attributes of a topic cannot be read", damaged);
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TopicAttributes attributes && values.equals(attributes.values);
    }

    @Override
    public int hashCode() {
        return values.hashCode();
    }

    /** All of them; the password is not among them. */
    @Override
    public String toString() {
        return values.toString();
    }
}
