package io.pataka.service.encryption;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * The keys of a key ring. Rows name the key that they need by its id, so an id stands for the same bytes for ever.
 *
 * @param active the id of the key that wraps the data keys of new versions
 * @param keys by their ids, in the order of the file
 */
public record Ring(String active, Map<String, RingKey> keys) {

    private static final Pattern ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

    /**
     * @throws IllegalArgumentException when the active key is not among the keys, or an id is not 1 to 64 letters, digits, dots, dashes
     *     and underscores
     */
    public Ring {
        Objects.requireNonNull(active);
        keys = Collections.unmodifiableMap(new LinkedHashMap<>(keys));
        if (!keys.keySet().stream().allMatch(Ring::isId)) {
            throw new IllegalArgumentException(
                    "an id of a key is 1 to 64 letters, digits, dots, dashes and underscores, and begins with a letter or digit");
        }
        if (!keys.containsKey(active)) {
            throw new IllegalArgumentException("the active key is none of the keys");
        }
    }

    /** Whether a text may be the id of a key. */
    public static boolean isId(String text) {
        return ID.matcher(text).matches();
    }

    /**
     * The ring with one more key, which is not active.
     *
     * @throws IllegalArgumentException when the ring has a key of this id
     */
    public Ring with(String id, RingKey key) {
        if (keys.containsKey(id)) {
            throw new IllegalArgumentException("the key ring has a key " + id + " already");
        }
        Map<String, RingKey> more = new LinkedHashMap<>(keys);
        more.put(id, key);
        return new Ring(active, more);
    }

    /**
     * The ring with another active key.
     *
     * @throws IllegalArgumentException when the ring does not have it
     */
    public Ring activate(String id) {
        if (!keys.containsKey(id)) {
            throw new IllegalArgumentException("the key ring has no key " + id + "; it has " + keys.keySet());
        }
        return new Ring(id, keys);
    }
}
