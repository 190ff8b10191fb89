package io.pataka.keystone;

import io.pataka.keystone.Resolution.Reason;
import io.pataka.keystone.Resolution.Refused;
import io.pataka.keystone.Resolution.Unavailable;
import java.util.List;

/**
 * Asks several resolvers in order; the first that knows the access key has the word. One that is unavailable does not hide the
 * next; but "no such key" is said only if every one of them said it.
 *
 * <p>Users of Keystone choose their access keys: where keys of the operator's own stand beside Keystone they belong before it.
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
