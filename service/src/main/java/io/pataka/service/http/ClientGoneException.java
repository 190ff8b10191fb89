package io.pataka.service.http;

import java.io.IOException;

/** The client closed or broke its connection, or stopped sending. Nobody's fault, so it is not logged as one. */
final class ClientGoneException extends IOException {

    private static final long serialVersionUID = 1L;

    ClientGoneException(IOException cause) {
        super(cause);
    }
}
