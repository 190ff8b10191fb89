package io.pataka.service.model;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;

/**
 * What must hold of a key's current version for a write or a removal to happen; judged inside the statement that does it.
 */
public sealed interface WriteCondition {

    WriteCondition NONE = new Always();

    /** No condition. */
    record Always() implements WriteCondition {}

    /** {@code If-None-Match: *}: no current object (a delete marker counts as none). */
    record Absent() implements WriteCondition {}

    /** {@code If-Match: *}: there is a current object, whatever it is. */
    record Present() implements WriteCondition {}

    /**
     * {@code If-Match: "etag"}: the current object has one of these entity tags. A key without a current object is an outcome of
     * its own: clients get 404 and not 412.
     */
    record Matches(List<ETag> etags) implements WriteCondition {
        public Matches {
            etags = List.copyOf(etags);
        }
    }

    /** {@code If-None-Match: "etag"} (Ceph): the current object, if there is one, has none of these entity tags. */
    record Differs(List<ETag> etags) implements WriteCondition {
        public Differs {
            etags = List.copyOf(Objects.requireNonNull(etags));
        }
    }

    /**
     * What a job judged before it removes a version: the version is still there, and still in the same state. Clients cannot ask this.
     *
     * @param tags those that the version still has, and no others; empty if they do not matter
     */
    record Judged(VersionId version, State state, Optional<SortedMap<String, String>> tags) implements WriteCondition {
        public Judged {
            Objects.requireNonNull(version);
            Objects.requireNonNull(state);
            Objects.requireNonNull(tags);
        }

        public Judged(VersionId version, State state) {
            this(version, state, Optional.empty());
        }

        /** Where a version stands among those of its key. */
        public enum State {
            CURRENT,
            NONCURRENT,
            /** A current delete marker without any other version. */
            LONE_MARKER
        }
    }

    /**
     * What a removal may demand beyond the entity tag: {@code x-amz-if-match-size} and
     * {@code x-amz-if-match-last-modified-time}. A delete marker has no entity tag, but it has a time, and 0 bytes.
     *
     * @param tag {@link Always}, {@link Present} or {@link Matches}
     * @param size in bytes
     * @param lastModified to the second
     */
    record Resembles(WriteCondition tag, OptionalLong size, Optional<Instant> lastModified) implements WriteCondition {
        public Resembles {
            Objects.requireNonNull(tag);
            Objects.requireNonNull(size);
            Objects.requireNonNull(lastModified);
        }
    }
}
