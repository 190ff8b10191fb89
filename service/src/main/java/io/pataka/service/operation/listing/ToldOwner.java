package io.pataka.service.operation.listing;

import io.pataka.service.model.Caller;
import io.pataka.service.model.Owner;
import io.pataka.service.protocol.xml.XmlWriter;

/**
 * What a listing tells of an owner. Amazon dropped {@code DisplayName} in November 2025; it is told where the tests of Ceph Gateway
 * ask for it.
 */
enum ToldOwner {
    NOTHING,
    ID,
    ID_AND_NAME;

    /** This, or nothing to an anonymous caller: Amazon tells strangers no ids of accounts. */
    ToldOwner to(Caller caller) {
        return caller.isAnonymous() ? NOTHING : this;
    }

    /**
     * @param element {@code Owner} or {@code Initiator}
     */
    void write(XmlWriter xml, String element, Owner owner) {
        switch (this) {
            case ID -> xml.ownerId(element, owner);
            case ID_AND_NAME -> xml.owner(element, owner);
            case NOTHING -> {
                // no element at all
            }
        }
    }
}
