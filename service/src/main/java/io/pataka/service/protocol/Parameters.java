package io.pataka.service.protocol;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The query string, split and decoded, in the order sent. Names and values are text with one character per byte decoded as
 * UTF-8; {@link Parameter#rawName()} and {@link Parameter#rawValue()} have the text as sent, for signatures and byte-exact
 * keys.
 */
public final class Parameters {

    private static final Parameters NONE = new Parameters(List.of());

    private final List<Parameter> all;

    private Parameters(List<Parameter> all) {
        this.all = List.copyOf(all);
    }

    /**
     * @param rawQuery the text after the question mark; null or empty for none
     * @throws S3Exception InvalidURI when an escape is broken
     */
    public static Parameters parse(String rawQuery) {
        if (rawQuery == null || rawQuery.isEmpty()) {
            return NONE;
        }
        List<Parameter> parameters = new ArrayList<>();
        for (String pair : rawQuery.split("&", -1)) {
            if (pair.isEmpty()) {
                continue;
            }
            int equals = pair.indexOf('=');
            String name = equals < 0 ? pair : pair.substring(0, equals);
            String value = equals < 0 ? "" : pair.substring(equals + 1);
            String decoded = PercentCoding.decodeQuery(name);
            parameters.add(new Parameter(decoded, value(decoded, value), name, value, equals >= 0));
        }
        return new Parameters(parameters);
    }

    private static String value(String name, String raw) {
        try {
            return PercentCoding.decodeQuery(raw);
        } catch (S3Exception broken) {
            throw SecretFields.has(name) ? new S3Exception(S3Error.INVALID_URI) : broken;
        }
    }

    public List<Parameter> all() {
        return all;
    }

    public boolean has(String name) {
        return all.stream().anyMatch(parameter -> parameter.name().equals(name));
    }

    /** The decoded value of the first parameter of that name; an empty text if it has no value. */
    public Optional<String> first(String name) {
        return parameter(name).map(Parameter::value);
    }

    /** The first parameter of that name. */
    public Optional<Parameter> parameter(String name) {
        for (Parameter parameter : all) {
            if (parameter.name().equals(name)) {
                return Optional.of(parameter);
            }
        }
        return Optional.empty();
    }

    /** The value as the bytes that the client escaped; for prefixes, markers and delimiters. */
    public Optional<byte[]> firstBytes(String name) {
        return parameter(name).map(parameter -> PercentCoding.decodeQueryBytes(parameter.rawValue()));
    }

    /**
     * A whole number of 0 or more; empty when the parameter is absent or empty.
     *
     * @throws S3Exception InvalidArgument when it is no number, negative, or over 2,147,483,647
     */
    public OptionalInt number(String name) {
        Optional<String> text = first(name).filter(value -> !value.isEmpty());
        if (text.isEmpty()) {
            return OptionalInt.empty();
        }
        OptionalInt number = WholeNumber.ofInt(text.get());
        if (number.isEmpty()) {
            throw new S3Exception(
                            S3Error.INVALID_ARGUMENT, "Provided " + name + " not an integer or within integer range")
                    .argument(name, text.get());
        }
        if (number.getAsInt() < 0) {
            throw new S3Exception(
                            S3Error.INVALID_ARGUMENT,
                            "Argument " + name + " must be an integer between 0 and 2147483647")
                    .argument(name, text.get());
        }
        return number;
    }

    /**
     * One {@code name=value} of the query string.
     *
     * @param rawName as sent, with escapes
     * @param rawValue as sent; empty when there was none
     * @param hasValue whether an equals sign followed the name
     */
    public record Parameter(String name, String value, String rawName, String rawValue, boolean hasValue) {}
}
