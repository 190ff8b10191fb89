package io.pataka.service.access;

import io.pataka.service.model.Caller;
import io.pataka.service.model.Owner;
import io.pataka.service.protocol.AccessNeed.Permission;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * An access control list. Whose the bucket or object is stands elsewhere; it may read and write the list whatever is granted.
 *
 * @param grants at most {@value #MAX_GRANTS}
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html">AWS: ACL overview</a>
 */
public record Acl(List<Grant> grants) {

    /** The most grants that an ACL may have. */
    public static final int MAX_GRANTS = 100;

    private static final String CANONICAL = "id";
    private static final String GROUP = "group";

    public Acl {
        grants = List.copyOf(grants);
    }

    /** What a bucket or object has about which nothing was said: everything for its owner, nothing for others. */
    public static Acl ofOwner(Owner owner) {
        return new Acl(List.of(new Grant(new Grantee.Canonical(owner), Grant.Right.FULL_CONTROL)));
    }

    /**
     * @param ignorePublic grants to the public count for nothing
     */
    boolean permits(Caller caller, Permission permission, boolean ignorePublic) {
        return grants.stream()
                .anyMatch(grant -> !(ignorePublic && grant.isPublic())
                        && grant.right().gives(permission)
                        && grant.grantee().includes(caller));
    }

    /** Whether it grants anything to everybody, or to everybody who has a key. */
    public boolean isPublic() {
        return grants.stream().anyMatch(Grant::isPublic);
    }

    /** Whether it grants anything to anybody but these. */
    public boolean opensBeyond(Owner... owners) {
        return grants.stream()
                .anyMatch(grant -> !(grant.grantee() instanceof Grantee.Canonical canonical
                        && Arrays.stream(owners)
                                .anyMatch(owner -> canonical.owner().id().equals(owner.id()))));
    }

    /** The form in which the database keeps it: a line for each grant. */
    public String text() {
        return grants.stream().map(Acl::line).collect(Collectors.joining("\n"));
    }

    private static String line(Grant grant) {
        if (grant.grantee() instanceof Grantee.Group group) {
            return String.join("\t", grant.right().name(), GROUP, group.name());
        }
        Owner owner = ((Grantee.Canonical) grant.grantee()).owner();
        return String.join(
                "\t",
                grant.right().name(),
                CANONICAL,
                owner.id(),
                owner.displayName().replaceAll("\\p{Cntrl}", " "));
    }

    /**
     * Reads what {@link #text} wrote.
     *
     * @throws IllegalArgumentException for any other text
     */
    public static Acl parse(String text) {
        return new Acl(text.lines().map(Acl::grant).toList());
    }

    private static Grant grant(String line) {
        String[] fields = line.split("\t", -1);
        if (fields.length == 3 && fields[1].equals(GROUP)) {
            return new Grant(Grantee.Group.valueOf(fields[2]), Grant.Right.valueOf(fields[0]));
        }
        if (fields.length == 4 && fields[1].equals(CANONICAL)) {
            return new Grant(new Grantee.Canonical(new Owner(fields[2], fields[3])), Grant.Right.valueOf(fields[0]));
        }
        throw new IllegalArgumentException("a line that is no grant");
    }
}
