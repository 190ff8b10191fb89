package io.pataka.service.metadata;

/** All connections that one project may have are in use by its other requests; the client gets 503 and should slow down. */
public final class ProjectBusyException extends MetadataUnavailableException {

    private static final long serialVersionUID = 1L;

    ProjectBusyException() {
        super("the project has as many requests at the database as one project may have", null);
    }
}
