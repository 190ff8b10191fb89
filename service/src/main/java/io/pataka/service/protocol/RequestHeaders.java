package io.pataka.service.protocol;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Header fields (or trailer fields) by lower-case name. Values are kept as received, one character per byte; {@link #text}
 * decodes them as UTF-8, which SDKs send.
 */
public final class RequestHeaders {

    private final TreeMap<String, List<String>> values;

    private RequestHeaders(TreeMap<String, List<String>> values) {
        this.values = values;
    }

    public static RequestHeaders none() {
        return new RequestHeaders(new TreeMap<>());
    }

    public static Builder builder() {
        return new Builder();
    }

    /** Makes headers with one value each. */
    public static RequestHeaders of(Map<String, String> fields) {
        Builder builder = builder();
        fields.forEach(builder::add);
        return builder.build();
    }

    /** Lower-case names, in alphabetical order. */
    public Set<String> names() {
        return Collections.unmodifiableSet(values.keySet());
    }

    public boolean has(String name) {
        return values.containsKey(name.toLowerCase(Locale.ROOT));
    }

    /** All values of that name, one character per byte, in the order sent. */
    public List<String> all(String name) {
        return values.getOrDefault(name.toLowerCase(Locale.ROOT), List.of());
    }

    /** The first value of that name, one character per byte. */
    public Optional<String> first(String name) {
        List<String> all = all(name);
        return all.isEmpty() ? Optional.empty() : Optional.of(all.get(0));
    }

    /** The first value of that name, read as UTF-8. */
    public Optional<String> text(String name) {
        return first(name).map(value -> new String(value.getBytes(ISO_8859_1), UTF_8));
    }

    /** These fields and those of another, which replace fields of the same name. */
    public RequestHeaders overlaidWith(RequestHeaders other) {
        TreeMap<String, List<String>> both = new TreeMap<>(values);
        both.putAll(other.values);
        return new RequestHeaders(both);
    }

    /** Collects fields in the order sent. */
    public static final class Builder {
        private final TreeMap<String, List<String>> values = new TreeMap<>();

        private Builder() {}

        public Builder add(String name, String value) {
            values.computeIfAbsent(name.toLowerCase(Locale.ROOT), absent -> new ArrayList<>(1))
                    .add(value);
            return this;
        }

        public RequestHeaders build() {
            return new RequestHeaders(values);
        }
    }
}
