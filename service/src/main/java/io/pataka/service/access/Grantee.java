package io.pataka.service.access;

import io.pataka.service.model.Caller;
import io.pataka.service.model.Owner;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;

/**
 * To whom an ACL grants something: an account, a user, or a group that Amazon has defined.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html#specifying-grantee">AWS: who is a
 *     grantee</a>
 */
public sealed interface Grantee {

    boolean includes(Caller caller);

    /**
     * A Keystone project, or a user in whatever project it acts.
     *
     * @param owner its canonical id and the name it had when the grant was made
     */
    record Canonical(Owner owner) implements Grantee {

        public Canonical {
            Objects.requireNonNull(owner);
        }

        @Override
        public boolean includes(Caller caller) {
            return !caller.isAnonymous()
                    && (caller.account().id().equals(owner.id())
                            || caller.user().id().equals(owner.id()));
        }
    }

    /** The groups that Amazon has defined. */
    enum Group implements Grantee {
        ALL_USERS("http://acs.amazonaws.com/groups/global/AllUsers"),
        AUTHENTICATED_USERS("http://acs.amazonaws.com/groups/global/AuthenticatedUsers"),
        LOG_DELIVERY("http://acs.amazonaws.com/groups/s3/LogDelivery");

        private final String uri;

        Group(String uri) {
            this.uri = uri;
        }

        static Optional<Group> of(String uri) {
            return Arrays.stream(values())
                    .filter(group -> group.uri.equals(uri))
                    .findFirst();
        }

        /** What documents and headers call the group. */
        public String uri() {
            return uri;
        }

        /** Whether a grant to the group is a grant to the public, as a public access block sees it. */
        boolean isPublic() {
            return this != LOG_DELIVERY;
        }

        @Override
        public boolean includes(Caller caller) {
            return switch (this) {
                case ALL_USERS -> true;
                case AUTHENTICATED_USERS -> !caller.isAnonymous();
                case LOG_DELIVERY -> false;
            };
        }
    }
}
