package io.pataka.service.model;

import java.util.Objects;

/** Where the bytes of a version are. */
public sealed interface Content {

    /** No bytes: a delete marker. */
    record None() implements Content {}

    /** One blob holds them all. */
    record Whole(BlobId blob) implements Content {
        public Whole {
            Objects.requireNonNull(blob);
        }
    }

    /**
     * The parts of a completed upload, each a blob of its own, listed in the index under the upload's id.
     *
     * @param upload the upload that brought them
     * @param count 1 to 10,000
     */
    record Parts(UploadId upload, int count) implements Content {
        /** The most parts of an object; their numbers go so far, too. */
        public static final int MAX_COUNT = 10_000;

        public Parts {
            Objects.requireNonNull(upload);
            if (count < 1 || count > MAX_COUNT) {
                throw new IllegalArgumentException("an object has 1 to 10,000 parts, not " + count);
            }
        }
    }
}
