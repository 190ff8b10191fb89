package io.pataka.service.access.policy;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.IntPredicate;
import java.util.regex.Pattern;

/** The Numeric and the Date operators. A value of the request that is no number, or no time, compares with nothing. */
final class OrderTest<T extends Comparable<T>> implements ValueTest {

    private static final Pattern NUMBER = Pattern.compile("[+-]?\\d{1,40}(?:\\.\\d{1,40})?");

    private final List<T> bounds;
    private final Function<String, Optional<T>> reader;
    private final IntPredicate order;

    private OrderTest(List<T> bounds, Function<String, Optional<T>> reader, IntPredicate order) {
        this.bounds = List.copyOf(bounds);
        this.reader = reader;
        this.order = order;
    }

    /**
     * @param order what comparing the request's number with the policy's must give
     */
    static OrderTest<BigDecimal> ofNumbers(List<String> values, IntPredicate order, Place place)
            throws MalformedPolicyException {
        return of(values, OrderTest::number, order, "Policy has an invalid number in a condition", place);
    }

    static OrderTest<Instant> ofTimes(List<String> values, IntPredicate order, Place place)
            throws MalformedPolicyException {
        return of(values, PolicyTime::read, order, "Policy has an invalid date in a condition", place);
    }

    private static <T extends Comparable<T>> OrderTest<T> of(
            List<String> values, Function<String, Optional<T>> reader, IntPredicate order, String message, Place place)
            throws MalformedPolicyException {
        List<T> bounds = new ArrayList<>();
        for (String value : values) {
            bounds.add(reader.apply(value).orElseThrow(() -> place.malformed(message, value)));
        }
        return new OrderTest<>(bounds, reader, order);
    }

    private static Optional<BigDecimal> number(String text) {
        return NUMBER.matcher(text).matches() ? Optional.of(new BigDecimal(text)) : Optional.empty();
    }

    @Override
    public boolean matches(String value, PolicyQuestion question) {
        Optional<T> asked = reader.apply(value);
        if (asked.isEmpty()) {
            return false;
        }
        for (T bound : bounds) {
            if (order.test(asked.get().compareTo(bound))) {
                return true;
            }
        }
        return false;
    }
}
