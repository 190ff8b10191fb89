package io.pataka.service.metadata;

import java.util.Collections;

/** Question marks for statements over many rows. */
final class Placeholders {

    private Placeholders() {}

    /** {@code ?, ?, ?} */
    static String list(int count) {
        return String.join(", ", Collections.nCopies(count, "?"));
    }

    /** A row such as {@code (?, ?)}, repeated. */
    static String rows(int count, String row) {
        return String.join(", ", Collections.nCopies(count, row));
    }

    /** A condition, repeated and joined by OR. */
    static String any(int count, String condition) {
        return "(" + String.join(" OR ", Collections.nCopies(count, condition)) + ")";
    }
}
