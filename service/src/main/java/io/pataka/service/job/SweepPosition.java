package io.pataka.service.job;

import com.google.common.base.Splitter;
import io.pataka.service.lifecycle.LifecycleJudge.Pass;
import io.pataka.service.metadata.LifecycleRows.Place;
import io.pataka.service.metadata.ObjectIndex.KeyRange;
import io.pataka.service.model.ObjectKey;
import io.pataka.service.model.UploadId;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * How far the sweep of a bucket came.
 *
 * @param rules names the document of the rules that the sweep carries out; without spaces
 * @param begun when the sweep began, to the second
 * @param cursor where the pass goes on; empty for its beginning
 */
record SweepPosition(String rules, Instant begun, Pass pass, Optional<Cursor> cursor) {

    private static final HexFormat HEX = HexFormat.of();
    private static final String AT = "at";
    private static final String AFTER = "after";

    SweepPosition {
        Objects.requireNonNull(rules);
        Objects.requireNonNull(begun);
        Objects.requireNonNull(pass);
        Objects.requireNonNull(cursor);
    }

    /**
     * A place in the order of the keys.
     *
     * @param inclusive whether the pass goes on with this key itself, and not after it
     * @param noncurrent the noncurrent version of this key that was examined last
     * @param upload the upload of this key that was examined last
     */
    record Cursor(ObjectKey key, boolean inclusive, Optional<Place> noncurrent, Optional<UploadId> upload) {

        Cursor {
            Objects.requireNonNull(key);
            Objects.requireNonNull(noncurrent);
            Objects.requireNonNull(upload);
        }

        static Cursor at(ObjectKey key) {
            return new Cursor(key, true, Optional.empty(), Optional.empty());
        }

        static Cursor after(ObjectKey key) {
            return new Cursor(key, false, Optional.empty(), Optional.empty());
        }

        static Cursor after(Place noncurrent) {
            return new Cursor(noncurrent.key(), false, Optional.of(noncurrent), Optional.empty());
        }

        /** Older uploads of the key may follow, so the key is still wanted. */
        static Cursor after(ObjectKey key, UploadId upload) {
            return new Cursor(key, true, Optional.empty(), Optional.of(upload));
        }

        KeyRange range(Optional<ObjectKey> before) {
            return new KeyRange(key.bytes(), inclusive, before.map(ObjectKey::bytes));
        }
    }

    SweepPosition with(Cursor next) {
        return new SweepPosition(rules, begun, pass, Optional.of(next));
    }

    SweepPosition beginningOf(Pass next) {
        return new SweepPosition(rules, begun, next, Optional.empty());
    }

    /** As {@link #parse} reads it: ASCII of at most 2,200 characters. */
    String text() {
        StringBuilder text = new StringBuilder()
                .append(rules)
                .append(' ')
                .append(begun.getEpochSecond())
                .append(' ')
                .append(pass);
        cursor.ifPresent(place -> {
            text.append(' ')
                    .append(place.inclusive() ? AT : AFTER)
                    .append(' ')
                    .append(HEX.formatHex(place.key().bytes()));
            place.noncurrent()
                    .ifPresent(version -> text.append(' ')
                            .append(version.sequence())
                            .append(' ')
                            .append(version.newer()));
            place.upload().ifPresent(upload -> text.append(' ').append(upload.text()));
        });
        return text.toString();
    }

    /**
     * Reads {@link #text}.
     *
     * @throws IllegalArgumentException for any other text
     */
    static SweepPosition parse(String text) {
        List<String> words = Splitter.on(' ').splitToList(text);
        if (words.size() < 3 || words.size() == 4) {
            throw new IllegalArgumentException("not a position of a sweep: " + text);
        }
        Instant begun = Instant.ofEpochSecond(Long.parseLong(words.get(1)));
        Pass pass = Pass.valueOf(words.get(2));
        Optional<Cursor> cursor =
                words.size() == 3 ? Optional.empty() : Optional.of(cursor(words.subList(3, words.size())));
        return new SweepPosition(words.get(0), begun, pass, cursor);
    }

    private static Cursor cursor(List<String> words) {
        ObjectKey key = ObjectKey.of(HEX.parseHex(words.get(1)));
        Optional<Place> noncurrent = words.size() == 4
                ? Optional.of(new Place(key, Long.parseLong(words.get(2)), Integer.parseInt(words.get(3))))
                : Optional.empty();
        Optional<UploadId> upload = words.size() == 3 ? UploadId.parse(words.get(2)) : Optional.empty();
        return new Cursor(key, words.get(0).equals(AT), noncurrent, upload);
    }
}
