package io.pataka.service.cli;

import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.exc.InvalidTypeIdException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.dropwizard.configuration.ConfigurationException;
import io.dropwizard.util.DataSize;
import io.dropwizard.util.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.commons.text.similarity.LevenshteinDistance;

/** Describes a wrong setting in the words of the settings file, without Java's. */
final class SettingsFault {

    private static final int LIKE_ENOUGH = 3;

    /** Jackson has the names only in its message. */
    private static final Pattern KNOWN_TYPES = Pattern.compile("known type ids = \\[([^\\]]*)\\]");

    /** How the validator names an element of a list. */
    private static final Pattern ELEMENT = Pattern.compile("\\.<(list|iterable|map) [a-z]+>");

    private static final Map<Class<?>, String> KINDS = Map.ofEntries(
            Map.entry(Duration.class, "a time such as 500ms, 30s, 15m, 1h or 14d"),
            Map.entry(java.time.Duration.class, "a time such as 500ms, 30s, 15m, 1h or 14d"),
            Map.entry(DataSize.class, "a size such as 64KiB, 5MiB, 5GiB or 1TiB"),
            Map.entry(boolean.class, "true or false"),
            Map.entry(Boolean.class, "true or false"),
            Map.entry(int.class, "a whole number"),
            Map.entry(Integer.class, "a whole number"),
            Map.entry(long.class, "a whole number"),
            Map.entry(Long.class, "a whole number"),
            Map.entry(String.class, "a text"));

    private SettingsFault() {}

    static List<String> of(JsonMappingException thrown, JsonNode settings) {
        String name = nameOf(thrown.getPath());
        if (thrown instanceof UnrecognizedPropertyException unknown) {
            return List.of(unknown(name, unknown));
        }
        if (thrown instanceof InvalidTypeIdException wrongType) {
            return List.of(wrongType(name, wrongType));
        }
        JsonNode value = valueAt(thrown.getPath(), settings);
        if (thrown instanceof ValueInstantiationException refused) {
            return refused(name, value, refused);
        }
        if (thrown instanceof MismatchedInputException mismatch) {
            return List.of(name + " is " + shown(value) + ", must be " + kind(mismatch.getTargetType()));
        }
        return List.of(name + " cannot be read: " + oneLine(thrown));
    }

    private static String unknown(String name, UnrecognizedPropertyException unknown) {
        List<String> known = Optional.ofNullable(unknown.getKnownPropertyIds()).orElse(List.of()).stream()
                .map(Object::toString)
                .sorted()
                .toList();
        return name + " is not a setting." + suggestion(unknown.getPropertyName(), known) + " There are: "
                + String.join(", ", known);
    }

    private static String suggestion(String name, Collection<String> known) {
        LevenshteinDistance distance = LevenshteinDistance.getDefaultInstance();
        String plain = name.toLowerCase(Locale.ROOT);
        return known.stream()
                .min(Comparator.comparingInt(other -> distance.apply(plain, other.toLowerCase(Locale.ROOT))))
                .filter(nearest -> distance.apply(plain, nearest.toLowerCase(Locale.ROOT)) <= LIKE_ENOUGH)
                .map(nearest -> " Did you mean " + nearest + "?")
                .orElse("");
    }

    private static String wrongType(String name, InvalidTypeIdException wrongType) {
        Matcher known = KNOWN_TYPES.matcher(String.valueOf(wrongType.getOriginalMessage()));
        String allowed = known.find() ? known.group(1) : "those of etc/pataka.yml";
        return wrongType.getTypeId() == null
                ? name + " has no type; there are: " + allowed
                : name + ": type is '" + wrongType.getTypeId() + "', must be one of: " + allowed;
    }

    /** The message of the value's class, if it is more specific than the kind of value. */
    private static List<String> refused(String name, JsonNode value, ValueInstantiationException refused) {
        Class<?> type = refused.getType().getRawClass();
        if (value.isValueNode() && (KINDS.containsKey(type) || type.isEnum())) {
            return List.of(name + " is " + shown(value) + ", must be " + kind(type));
        }
        String reason = refused.getCause() == null
                ? refused.getOriginalMessage()
                : refused.getCause().getMessage();
        return Arrays.stream(String.valueOf(reason)
                        .replaceFirst("^Keystone settings: ", "")
                        .split("; "))
                .map(fault -> name + ": " + fault)
                .toList();
    }

    private static String kind(Class<?> type) {
        if (type == null) {
            return "as etc/pataka.yml shows it";
        }
        if (type.isEnum()) {
            return Arrays.stream(type.getEnumConstants())
                    .map(constant -> constant.toString().toLowerCase(Locale.ROOT))
                    .collect(Collectors.joining(" or "));
        }
        if (Collection.class.isAssignableFrom(type) || type.isArray()) {
            return "a list: [one, another]";
        }
        return KINDS.getOrDefault(type, "a section of settings, as etc/pataka.yml shows it");
    }

    private static String shown(JsonNode value) {
        if (value.isObject()) {
            return "a section";
        }
        if (value.isArray()) {
            return "a list";
        }
        return value.isMissingNode() || value.isNull() ? "empty" : "'" + value.asText() + "'";
    }

    private static String nameOf(List<JsonMappingException.Reference> path) {
        StringBuilder name = new StringBuilder();
        for (JsonMappingException.Reference step : path) {
            if (step.getFieldName() == null) {
                name.append('[').append(step.getIndex()).append(']');
            } else {
                name.append(name.isEmpty() ? "" : ".").append(step.getFieldName());
            }
        }
        return name.isEmpty() ? "the file" : name.toString();
    }

    private static JsonNode valueAt(List<JsonMappingException.Reference> path, JsonNode settings) {
        JsonNode value = settings;
        for (JsonMappingException.Reference step : path) {
            value = step.getFieldName() == null ? value.path(step.getIndex()) : value.path(step.getFieldName());
        }
        return value == null ? MissingNode.getInstance() : value;
    }

    static String withoutTypes(String fault) {
        return ELEMENT.matcher(fault).replaceAll("");
    }

    /** The message of a parser, on one line. */
    static String oneLine(Throwable thrown) {
        String message = thrown instanceof ConfigurationException settings
                ? String.join(" ", settings.getErrors())
                : thrown.getMessage();
        return String.valueOf(message).replaceAll("\\s*\\R\\s*", " ").strip();
    }
}
