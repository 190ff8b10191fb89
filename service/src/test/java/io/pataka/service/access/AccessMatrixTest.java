package io.pataka.service.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.pataka.service.metadata.ObjectIndex.NewVersion;
import io.pataka.service.model.BlobId;
import io.pataka.service.model.Bucket;
import io.pataka.service.model.BucketName;
import io.pataka.service.model.Caller;
import io.pataka.service.model.Content;
import io.pataka.service.model.DocumentKind;
import io.pataka.service.model.ETag;
import io.pataka.service.model.ObjectFacts;
import io.pataka.service.model.ObjectKey;
import io.pataka.service.model.ObjectVersion;
import io.pataka.service.model.Owner;
import io.pataka.service.model.WriteCondition;
import io.pataka.service.operation.MemoryBucketCatalog;
import io.pataka.service.protocol.AccountRequest;
import io.pataka.service.protocol.Parameters;
import io.pataka.service.protocol.RawRequest;
import io.pataka.service.protocol.RequestBody;
import io.pataka.service.protocol.RequestHeaders;
import io.pataka.service.protocol.Route;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import io.pataka.service.protocol.S3Operation;
import io.pataka.service.protocol.S3Request;
import io.pataka.service.testing.Changes;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every operation, by every kind of caller, on buckets and objects in every state of ownership, policy, ACL and public access
 * block. The gate decides like {@link ReferenceAccess}, which is written from Amazon's pages and shares no code with the gate.
 */
class AccessMatrixTest {

    private static final Owner OWNER = new Owner("owner", "Owner");
    private static final Owner OTHER = new Owner("other", "Other");
    private static final BucketName NAME = new BucketName("bucket");
    private static final ObjectKey KEY = ObjectKey.of("key");

    /** Who asks. */
    enum Who {
        OWNERS_ADMIN(caller(OWNER, "admin")),
        OWNERS_MEMBER(caller(OWNER, "member")),
        OWNERS_READER(caller(OWNER, "reader")),
        OWNERS_VISITOR(caller(OWNER, "visitor")),
        OTHERS_MEMBER(caller(OTHER, "member")),
        OTHERS_READER(caller(OTHER, "reader")),
        ANONYMOUS(Caller.ANONYMOUS);

        final Caller caller;

        Who(Caller caller) {
            this.caller = caller;
        }
    }

    /** What the bucket's policy says. */
    enum Policy {
        NONE(""),
        ALLOWS_OTHER(statement("Allow", "{\"AWS\": \"arn:aws:iam::other:root\"}")),
        ALLOWS_ALL(statement("Allow", "\"*\"")),
        DENIES_ALL(statement("Deny", "\"*\"")),
        DENIES_OTHER_ALLOWS_ALL(statement("Deny", "{\"AWS\": \"other\"}") + "," + statement("Allow", "\"*\""));

        final String document;

        Policy(String statements) {
            this.document =
                    statements.isEmpty() ? "" : "{\"Version\": \"2012-10-17\", \"Statement\": [" + statements + "]}";
        }
    }

    /** What the ACLs of bucket and object grant. */
    enum Listed {
        OWNER_ALONE,
        PUBLIC_READ,
        PUBLIC_WRITE,
        OTHER_ACP,
        OTHER_FULL
    }

    /** The public access blocks of the bucket and of the owner's whole account. */
    enum Block {
        NONE(PublicAccessBlock.NONE, PublicAccessBlock.NONE),
        IGNORES_ACLS(new PublicAccessBlock(false, true, false, false), PublicAccessBlock.NONE),
        RESTRICTS(new PublicAccessBlock(false, false, false, true), PublicAccessBlock.NONE),
        ACCOUNT_IGNORES_ACLS(PublicAccessBlock.NONE, new PublicAccessBlock(false, true, false, false)),
        ACCOUNT_RESTRICTS(
                new PublicAccessBlock(true, false, true, false), new PublicAccessBlock(false, false, false, true));

        final PublicAccessBlock ofBucket;
        final PublicAccessBlock ofAccount;

        Block(PublicAccessBlock ofBucket, PublicAccessBlock ofAccount) {
            this.ofBucket = ofBucket;
            this.ofAccount = ofAccount;
        }
    }

    /** One cell of the matrix. */
    record Cell(
            S3Operation operation,
            Who who,
            ObjectOwnership ownership,
            Policy policy,
            Listed listed,
            Block block,
            boolean othersObject) {}

    private static Caller caller(Owner account, String role) {
        return new Caller(
                account,
                new Owner(account.id() + "-user", "user"),
                "default",
                Set.of(role),
                Optional.of("KEY-" + account.id()));
    }

    private static String statement(String effect, String principal) {
        return "{\"Effect\": \"" + effect + "\", \"Principal\": " + principal
                + ", \"Action\": \"s3:*\", \"Resource\": [\"arn:aws:s3:::bucket\", \"arn:aws:s3:::bucket/*\"]}";
    }

    private static final List<State> STATES = states();

    private static List<State> states() {
        List<State> states = new ArrayList<>();
        for (ObjectOwnership ownership : ObjectOwnership.values()) {
            for (Policy policy : Policy.values()) {
                for (Listed listed : Listed.values()) {
                    for (Block block : Block.values()) {
                        states.add(new State(ownership, policy, listed, block, false));
                        states.add(new State(ownership, policy, listed, block, true));
                    }
                }
            }
        }
        return states;
    }

    static List<S3Operation> operations() {
        return S3Operation.all();
    }

    @ParameterizedTest
    @MethodSource("operations")
    void theGateDecidesAsTheReference(S3Operation operation) {
        List<String> differences = new ArrayList<>();
        int cells = 0;
        int admitted = 0;
        for (State state : STATES) {
            for (Who who : Who.values()) {
                Cell cell = state.cell(operation, who);
                boolean actual = state.admits(operation, who.caller);
                cells++;
                admitted += actual ? 1 : 0;
                if (ReferenceAccess.allows(cell) != actual) {
                    differences.add(cell + (actual ? " is admitted" : " is refused"));
                }
            }
        }

        assertThat(differences).as("of %d cells", cells).isEmpty();
        assertThat(cells).isEqualTo(3 * 5 * 5 * 5 * 2 * Who.values().length);
        if (operation.isPreflight()) {
            assertThat(admitted).as("CORS rules decide about preflights").isEqualTo(cells);
        } else {
            assertThat(admitted).as("both answers occur").isBetween(1, cells - 1);
        }
    }

    /** A bucket in one state with an object in it, and the gate that decides about both. */
    private static final class State {

        private final ObjectOwnership ownership;
        private final Policy policy;
        private final Listed listed;
        private final Block block;
        private final boolean othersObject;
        private final MemoryBucketCatalog buckets = new MemoryBucketCatalog();
        private final AccessGate gate =
                new AccessGate(buckets, buckets.index(), RoleRules.standard(), new NoGrantees(), Clock.systemUTC());
        private final AccessExplainer explainer = new AccessExplainer(gate);
        private final Bucket bucket;
        private final ObjectVersion object;

        State(ObjectOwnership ownership, Policy policy, Listed listed, Block block, boolean othersObject) {
            this.ownership = ownership;
            this.policy = policy;
            this.listed = listed;
            this.block = block;
            this.othersObject = othersObject;
            Owner writer = othersObject ? OTHER : OWNER;
            buckets.create(NAME, OWNER, false, 0, Map.of(DocumentKind.OWNERSHIP, ownership.text()));
            bucket = buckets.findFresh(NAME).orElseThrow();
            buckets.putDocument(bucket, DocumentKind.ACL, acl(OWNER, listed));
            buckets.putDocument(bucket, DocumentKind.PUBLIC_ACCESS_BLOCK, block.ofBucket.toJson());
            buckets.accounts()
                    .put(OWNER.id(), DocumentKind.PUBLIC_ACCESS_BLOCK, block.ofAccount.toJson(), Changes.any());
            if (policy != Policy.NONE) {
                buckets.putDocument(bucket, DocumentKind.POLICY, policy.document);
            }
            buckets.index()
                    .publish(
                            bucket,
                            new NewVersion(
                                    KEY,
                                    0,
                                    new ETag("d41d8cd98f00b204e9800998ecf8427e"),
                                    writer,
                                    new Content.Whole(new BlobId(1, 1)),
                                    ObjectFacts.plain().withAcl(Optional.of(acl(writer, listed)))),
                            WriteCondition.NONE,
                            Changes.by(writer));
            object = buckets.index().current(bucket, KEY).orElseThrow();
        }

        Cell cell(S3Operation operation, Who who) {
            return new Cell(operation, who, ownership, policy, listed, block, othersObject);
        }

        private static String acl(Owner owner, Listed listed) {
            List<Grant> grants = new ArrayList<>();
            grants.add(new Grant(new Grantee.Canonical(owner), Grant.Right.FULL_CONTROL));
            switch (listed) {
                case OWNER_ALONE -> {}
                case PUBLIC_READ -> grants.add(new Grant(Grantee.Group.ALL_USERS, Grant.Right.READ));
                case PUBLIC_WRITE -> grants.add(new Grant(Grantee.Group.ALL_USERS, Grant.Right.WRITE));
                case OTHER_ACP -> {
                    grants.add(new Grant(new Grantee.Canonical(OTHER), Grant.Right.READ_ACP));
                    grants.add(new Grant(new Grantee.Canonical(OTHER), Grant.Right.WRITE_ACP));
                }
                case OTHER_FULL -> grants.add(new Grant(new Grantee.Canonical(OTHER), Grant.Right.FULL_CONTROL));
            }
            return new Acl(grants).text();
        }

        /** As the pipeline and the operation do it: admission, then the look at the object if the gate needs it. */
        boolean admits(S3Operation operation, Caller caller) {
            Route.Resource resource = operation.route().resource();
            RequestHeaders headers = RequestHeaders.of(
                    resource == Route.Resource.ACCOUNT_ACCESS_BLOCK && !caller.isAnonymous()
                            ? Map.of(AccountRequest.ACCOUNT, caller.account().id())
                            : Map.of());
            S3Request request = new S3Request(
                    "REQUEST",
                    operation,
                    resource == Route.Resource.BUCKET || resource == Route.Resource.OBJECT
                            ? Optional.of(NAME)
                            : Optional.empty(),
                    resource == Route.Resource.OBJECT ? Optional.of(KEY) : Optional.empty(),
                    Parameters.parse(""),
                    headers,
                    RequestBody.EMPTY,
                    new RawRequest("GET", "/", "", headers, RequestBody.EMPTY, false, "192.0.2.1", Optional.empty()));
            AccessExplanation explanation = explainer.explain(request, caller);
            boolean admitted = admits(request, caller);
            if (!operation.is(S3Operation.Trait.KEYS_IN_BODY)) {
                assertThat(explanation.refusal().isEmpty())
                        .as("%s", explanation)
                        .isEqualTo(admitted);
                assertThat(explanation.rules()).isNotEmpty();
            }
            return admitted;
        }

        private boolean admits(S3Request request, Caller caller) {
            S3Operation operation = request.operation();
            try {
                AdmittedCall call = gate.admit(request, caller);
                if (operation.is(S3Operation.Trait.TOPIC_IN_BODY)) {
                    call.requireTopic(new TopicAccess("arn", caller.account().id(), Optional.empty()));
                }
                if (operation.is(S3Operation.Trait.KEYS_IN_BODY)) {
                    call.require(call.own().key(KEY));
                } else if (operation.route().resource() == Route.Resource.OBJECT && !operation.isPreflight()) {
                    call.require(call.own().object(object));
                }
                call.requireAuthorised();
                return true;
            } catch (S3Exception refused) {
                assertThat(refused.error()).isEqualTo(S3Error.ACCESS_DENIED);
                assertThat(refused.rule()).as("the rule that refused").isPresent();
                return false;
            }
        }
    }
}
