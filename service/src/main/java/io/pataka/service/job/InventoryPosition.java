package io.pataka.service.job;

import io.pataka.service.model.ObjectKey;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Objects;
import java.util.Optional;

/**
 * How far the round of a bucket's inventories came.
 *
 * @param phase what comes next
 * @param failed whether a report of this round was not written
 * @param id of the configuration that is being written, or was the last
 * @param started when its report was begun
 * @param files of the report that are written
 * @param after the last version that is in them
 */
record InventoryPosition(Phase phase, boolean failed, String id, Instant started, int files, Optional<Place> after) {

    static final InventoryPosition START =
            new InventoryPosition(Phase.NEXT, false, "", Instant.EPOCH, 0, Optional.empty());

    InventoryPosition {
        Objects.requireNonNull(phase);
        Objects.requireNonNull(id);
        Objects.requireNonNull(started);
        Objects.requireNonNull(after);
    }

    /** What a unit of work does. */
    enum Phase {
        /** Looks for the configuration that follows the id. */
        NEXT,
        /** Writes a file. */
        FILES,
        /** Nothing more. */
        END
    }

    /** The place of a version. */
    record Place(ObjectKey key, long sequence) {
        Place {
            Objects.requireNonNull(key);
        }
    }

    InventoryPosition next(boolean alsoFailed) {
        return new InventoryPosition(Phase.NEXT, failed || alsoFailed, id, Instant.EPOCH, 0, Optional.empty());
    }

    InventoryPosition begin(String configuration, Instant now) {
        return new InventoryPosition(Phase.FILES, failed, configuration, now, 0, Optional.empty());
    }

    InventoryPosition written(Place last) {
        return new InventoryPosition(Phase.FILES, failed, id, started, files + 1, Optional.of(last));
    }

    InventoryPosition end() {
        return new InventoryPosition(Phase.END, failed, id, Instant.EPOCH, 0, Optional.empty());
    }

    /** ASCII, as {@link #parse} reads it. */
    String text() {
        return String.join(
                " ",
                phase.name(),
                Boolean.toString(failed),
                id,
                Long.toString(started.toEpochMilli()),
                Integer.toString(files),
                after.map(place -> HexFormat.of().formatHex(place.key().bytes()))
                        .orElse(""),
                after.map(place -> Long.toString(place.sequence())).orElse(""));
    }

    /**
     * @throws IllegalArgumentException for anything that {@link #text} does not write
     */
    static InventoryPosition parse(String text) {
        String[] fields = text.split(" ", -1);
        if (fields.length != 7) {
            throw new IllegalArgumentException("not a position: " + text);
        }
        return new InventoryPosition(
                Phase.valueOf(fields[0]),
                Boolean.parseBoolean(fields[1]),
                fields[2],
                Instant.ofEpochMilli(Long.parseLong(fields[3])),
                Integer.parseInt(fields[4]),
                fields[5].isEmpty()
                        ? Optional.empty()
                        : Optional.of(new Place(
                                ObjectKey.of(HexFormat.of().parseHex(fields[5])), Long.parseLong(fields[6]))));
    }
}
