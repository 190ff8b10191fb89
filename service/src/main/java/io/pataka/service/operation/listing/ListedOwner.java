package io.pataka.service.operation.listing;

import io.pataka.service.model.Caller;
import io.pataka.service.model.Owner;
import io.pataka.service.protocol.xml.XmlWriter;

/**
 * What a listing shows of an owner. Amazon dropped {@code DisplayName} in November 2025; it is shown where the tests of Ceph Gateway
 * expect it.
 */
enum ListedOwner {
    NOTHING,
    ID,
    ID_AND_NAME;

    /** This, or nothing for an anonymous caller: Amazon shows them no ids of accounts. */
    ListedOwner to(Caller caller) {
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
                // no element
            }
        }
    }
}
