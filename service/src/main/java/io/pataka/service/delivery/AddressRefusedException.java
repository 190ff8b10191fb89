package io.pataka.service.delivery;

import java.net.UnknownHostException;

/** A destination whose addresses are all of networks to which events are not sent. */
public final class AddressRefusedException extends UnknownHostException {

    private static final long serialVersionUID = 1L;

    AddressRefusedException(String host) {
        super(host + " is in a network to which events are not sent");
    }
}
