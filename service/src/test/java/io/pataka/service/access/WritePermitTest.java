package io.pataka.service.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pataka.service.metadata.ObjectIndex.NewVersion;
import io.pataka.service.model.Actor;
import io.pataka.service.model.BlobId;
import io.pataka.service.model.Bucket;
import io.pataka.service.model.BucketName;
import io.pataka.service.model.Caller;
import io.pataka.service.model.ChangeContext;
import io.pataka.service.model.ChangeContext.Kind;
import io.pataka.service.model.Content;
import io.pataka.service.model.DocumentKind;
import io.pataka.service.model.ETag;
import io.pataka.service.model.ObjectFacts;
import io.pataka.service.model.ObjectKey;
import io.pataka.service.model.ObjectVersion;
import io.pataka.service.model.Owner;
import io.pataka.service.model.WriteCondition;
import io.pataka.service.operation.MemoryBucketCatalog;
import io.pataka.service.protocol.Parameters;
import io.pataka.service.protocol.RawRequest;
import io.pataka.service.protocol.RequestBody;
import io.pataka.service.protocol.RequestHeaders;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import io.pataka.service.protocol.S3Operation;
import io.pataka.service.protocol.S3Request;
import io.pataka.service.testing.Changes;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An operation that does not ask whether the caller may write gets no permit. */
final class WritePermitTest {

    private static final BucketName NAME = new BucketName("bucket");
    private static final Owner OWNER = new Owner("owner", "Owner");
    private static final Owner OTHER = new Owner("other", "Other");
    private static final ObjectKey KEY = ObjectKey.of("k");

    private final MemoryBucketCatalog buckets = new MemoryBucketCatalog();
    private final AccessGate gate =
            new AccessGate(buckets, buckets.index(), RoleRules.standard(), new NoGrantees(), Clock.systemUTC());
    private Bucket bucket;

    @BeforeEach
    void createBucket() {
        buckets.create(NAME, OWNER, false, 0, Map.of(DocumentKind.OWNERSHIP, ObjectOwnership.OBJECT_WRITER.text()));
        bucket = buckets.findFresh(NAME).orElseThrow();
    }

    private ObjectVersion object(Owner writer) {
        NewVersion version =
                new NewVersion(KEY, 0, new ETag("e"), writer, new Content.Whole(new BlobId(1, 1)), ObjectFacts.plain());
        buckets.index().publish(bucket, version, WriteCondition.NONE, Changes.by(writer));
        return buckets.index().current(bucket, KEY).orElseThrow();
    }

    private static Caller caller(Owner account) {
        return new Caller(account, account, "default", Set.of("member"), Optional.of("KEY"));
    }

    private AdmittedCall admit(S3Operation operation) {
        RequestHeaders headers = RequestHeaders.none();
        RawRequest raw =
                new RawRequest("PUT", "/bucket/k", "", headers, RequestBody.EMPTY, true, "192.0.2.7", Optional.empty());
        S3Request request = new S3Request(
                "REQUEST-1",
                operation,
                Optional.of(NAME),
                Optional.of(KEY),
                Parameters.parse(""),
                headers,
                RequestBody.EMPTY,
                raw);
        return gate.admit(request, caller(OWNER));
    }

    @Test
    void aCallThatTheGateDecidesHasAPermitThatSaysWhoChangesWhat() {
        ChangeContext change = admit(S3Operation.PUT_OBJECT).permit().change(bucket, Kind.PUT);

        assertThat(change)
                .isEqualTo(new ChangeContext(
                        new Actor.Requester(caller(OWNER)),
                        Optional.of("REQUEST-1"),
                        Optional.of("192.0.2.7"),
                        Kind.PUT));
    }

    @Test
    void aCallThatNeedsTheObjectsAclHasNoPermitBeforeTheOperationAsks() {
        ObjectVersion object = object(OWNER);
        AdmittedCall call = admit(S3Operation.PUT_OBJECT_ACL);
        assertThatThrownBy(call::permit).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(call::requireAuthorised).isInstanceOf(IllegalStateException.class);

        call.require(call.own().object(object));

        assertThat(call.permit().change(bucket, Kind.PUT_ACL).kind()).isEqualTo(Kind.PUT_ACL);
    }

    @Test
    void aPermitIsForTheBucketOfItsCall() {
        BucketName other = new BucketName("other");
        buckets.create(other, OWNER, false, 0, Map.of());
        WritePermit permit = admit(S3Operation.PUT_BUCKET_CORS).permit();

        assertThat(permit.change(bucket, Kind.PUT_CONFIGURATION).kind()).isEqualTo(Kind.PUT_CONFIGURATION);
        assertThatThrownBy(() -> permit.change(buckets.findFresh(other).orElseThrow(), Kind.PUT_CONFIGURATION))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> permit.changeOutsideBuckets(Kind.PUT_CONFIGURATION))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aCallThatCreatesABucketHasAPermitForNoBucketThatExists() {
        WritePermit permit = admit(S3Operation.CREATE_BUCKET).permit();

        assertThat(permit.changeOutsideBuckets(Kind.CREATE_BUCKET).kind()).isEqualTo(Kind.CREATE_BUCKET);
        assertThatThrownBy(() -> permit.change(bucket, Kind.DELETE_BUCKET))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aRefusedCallHasNoPermit() {
        ObjectVersion object = object(OTHER);
        AdmittedCall call = admit(S3Operation.PUT_OBJECT_ACL);

        assertThatThrownBy(() -> call.require(call.own().object(object)))
                .isInstanceOfSatisfying(
                        S3Exception.class,
                        refusal -> assertThat(refusal.error()).isEqualTo(S3Error.ACCESS_DENIED));

        assertThatThrownBy(call::permit).isInstanceOf(IllegalStateException.class);
    }

    /** Otherwise an operation that asked only about the source of a copy could write its destination. */
    @Test
    void askingForSomethingElseAuthorisesNothing() {
        object(OWNER);
        AdmittedCall call = admit(S3Operation.PUT_OBJECT_ACL);

        call.require(Access.to(S3Operation.PUT_OBJECT.access(), bucket).key(KEY));

        assertThatThrownBy(call::permit).isInstanceOf(IllegalStateException.class);
    }
}
