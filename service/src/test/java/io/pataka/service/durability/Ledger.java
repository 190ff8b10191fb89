package io.pataka.service.durability;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * What a client knows of its objects: for each key the last acknowledged write, and the later writes that got no answer. After a
 * crash the key has the content of one of these. Not thread-safe.
 */
final class Ledger {

    private final Map<String, Set<Optional<Writing>>> possible = new TreeMap<>();
    private int acknowledged;

    /** A key that was never written is absent. */
    void add(String key) {
        possible.put(key, new HashSet<>(Set.of(Optional.empty())));
    }

    List<String> keys() {
        return new ArrayList<>(possible.keySet());
    }

    /** @param writing empty for a DELETE */
    void begun(String key, Optional<Writing> writing) {
        possible.get(key).add(writing);
    }

    void acknowledged(String key, Optional<Writing> writing) {
        seen(key, writing);
        acknowledged++;
    }

    /** The state of a key, read after a crash. From now on only this state is possible. */
    void seen(String key, Optional<Writing> writing) {
        possible.put(key, new HashSet<>(Set.of(writing)));
    }

    Set<Optional<Writing>> possible(String key) {
        return Set.copyOf(possible.get(key));
    }

    /** How many writes were acknowledged so far. */
    int acknowledgements() {
        return acknowledged;
    }
}
