package io.pataka.service.model;

import java.io.IOException;

/** The bytes of an object have a form that only a later release knows. A node of that release can read them. */
public final class UnknownFormException extends IOException {

    private static final long serialVersionUID = 1L;

    public UnknownFormException() {
        super("the object is stored in a form that this release does not know");
    }
}
