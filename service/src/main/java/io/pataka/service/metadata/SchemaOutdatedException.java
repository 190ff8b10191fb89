package io.pataka.service.metadata;

import java.io.IOException;

/** The database lacks tables that this release works with. */
public final class SchemaOutdatedException extends IOException {

    private static final long serialVersionUID = 1L;

    /** What is wrong, and which command mends it. */
    public static final String MESSAGE = "the database lacks tables or columns of this release;"
            + " \"java -jar pataka.jar db migrate <settings>\" makes them";

    public SchemaOutdatedException() {
        super(MESSAGE);
    }
}
