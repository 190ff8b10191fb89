package io.pataka.keystone;

import java.util.Objects;

/**
 * An EC2 credential as Keystone stores it. It authorises nothing by itself: any user can create one for any project.
 *
 * @param delegated made from a trust, an application credential or an OAuth token
 */
record StoredCredential(String accessKey, Secret secret, boolean delegated) {

    public StoredCredential {
        Objects.requireNonNull(accessKey);
        Objects.requireNonNull(secret);
    }
}
