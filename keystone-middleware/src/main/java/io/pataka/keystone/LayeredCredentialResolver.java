package io.pataka.keystone;

import io.pataka.keystone.Resolution.Reason;
import io.pataka.keystone.Resolution.Refused;
import io.pataka.keystone.Resolution.Unavailable;
import java.util.List;

/**
 * Asks several resolvers in order. The first that has the access key decides. If one is unavailable, the next is still asked;
 * "no such key" is returned only if all of them returned it.
 *
 * <p>Users of Keystone can choose their access keys, so keys of the operator must come before Keystone.
 */
public final class LayeredCredentialResolver implements CredentialResolver {

    private final List<CredentialResolver> inOrder;

    /** @param inOrder at least one */
    public LayeredCredentialResolver(List<CredentialResolver> inOrder) {
        if (inOrder.isEmpty()) {
            throw new IllegalArgumentException("no credential resolver");
        }
        this.inOrder = List.copyOf(inOrder);
    }

    @Override
    public Resolution resolve(SignedProof proof) {
        Resolution last = null;
        Unavailable unavailable = null;
        for (CredentialResolver resolver : inOrder) {
            last = resolver.resolve(proof);
            if (last instanceof Unavailable down) {
                unavailable = unavailable == null ? down : unavailable;
            } else if (!(last instanceof Refused refused && refused.reason() == Reason.UNKNOWN_ACCESS_KEY)) {
                return last;
            }
        }
        return unavailable == null ? last : unavailable;
    }
}
