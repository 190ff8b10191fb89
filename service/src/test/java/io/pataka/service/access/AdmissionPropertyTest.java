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
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Draws random requests, and compares the explanation of each with the decision of the gate. */
final class AdmissionPropertyTest {

    private static final int DRAWS = 20_000;
    private static final BucketName NAME = new BucketName("bucket");
    private static final Owner OWNER = new Owner("owner", "Owner");
    private static final Owner OTHER = new Owner("other", "Other");
    private static final ObjectKey PRIVATE = ObjectKey.of("private");
    private static final ObjectKey OTHERS = ObjectKey.of("others");
    private static final ObjectKey MISSING = ObjectKey.of("missing");

    private static final List<Caller> CALLERS = List.of(
            Caller.ANONYMOUS,
            caller(OWNER, "admin"),
            caller(OWNER, "member"),
            caller(OWNER, "reader"),
            caller(OWNER, "visitor"),
            caller(OTHER, "admin"),
            caller(OTHER, "member"),
            caller(OTHER, "reader"));

    private static final List<String> POLICIES = List.of(
            "",
            policy(
                    "{\"Effect\": \"Allow\", \"Principal\": \"*\", \"Action\": \"s3:*\", \"Resource\": \"arn:aws:s3:::*\"}"),
            policy(
                    "{\"Effect\": \"Deny\", \"Principal\": \"*\", \"Action\": \"s3:*\", \"Resource\": \"arn:aws:s3:::*\"}"),
            policy("{\"Effect\": \"Allow\", \"Principal\": \"*\", \"Action\": \"s3:*Object*\","
                    + " \"Resource\": \"arn:aws:s3:::bucket/private\"}"),
            policy(
                    "{\"Effect\": \"Allow\", \"Principal\": \"*\", \"Action\": \"s3:*\", \"Resource\": \"arn:aws:s3:::*\","
                            + " \"Condition\": {\"StringEquals\": {\"s3:RequestObjectTag/a\": \"b\"}}}"));

    private final Random random = new Random(20_261_128);

    private static Caller caller(Owner account, String role) {
        return new Caller(account, new Owner("user", "user"), "default", Set.of(role), Optional.of("KEY"));
    }

    private static String policy(String statement) {
        return "{\"Version\": \"2012-10-17\", \"Statement\": [" + statement + "]}";
    }

    private <T> T draw(List<T> some) {
        return some.get(random.nextInt(some.size()));
    }

    private boolean chance(int percent) {
        return random.nextInt(100) < percent;
    }

    /** A bucket with two objects, and the gate and the explanations that look at it. */
    private final class World {
        private final MemoryBucketCatalog buckets = new MemoryBucketCatalog();
        private final AccessGate gate =
                new AccessGate(buckets, buckets.index(), RoleRules.standard(), new NoGrantees(), Clock.systemUTC());
        private final AccessExplainer explainer = new AccessExplainer(gate);

        World() {
            String ownership = draw(List.of(ObjectOwnership.values())).text();
            buckets.create(NAME, OWNER, false, 0, Map.of(DocumentKind.OWNERSHIP, ownership));
            Bucket bucket = buckets.findFresh(NAME).orElseThrow();
            String policy = draw(POLICIES);
            if (!policy.isEmpty()) {
                buckets.putDocument(bucket, DocumentKind.POLICY, policy);
            }
            if (chance(20)) {
                buckets.putDocument(bucket, DocumentKind.REQUEST_PAYMENT, BucketAccess.REQUESTER);
            }
            if (chance(20)) {
                PublicAccessBlock block = new PublicAccessBlock(true, true, true, true);
                buckets.putDocument(bucket, DocumentKind.PUBLIC_ACCESS_BLOCK, block.toJson());
            }
            publish(bucket, PRIVATE, OWNER);
            publish(bucket, OTHERS, OTHER);
        }

        private void publish(Bucket bucket, ObjectKey key, Owner writer) {
            NewVersion version = new NewVersion(
                    key,
                    0,
                    new ETag("d41d8cd98f00b204e9800998ecf8427e"),
                    writer,
                    new Content.Whole(new BlobId(1, 1)),
                    ObjectFacts.plain());
            buckets.index().publish(bucket, version, WriteCondition.NONE, Changes.by(writer));
        }

        /** The error that the client gets before the operation does anything; empty for a request that is authorised. */
        Optional<S3Error> answer(S3Request request, Caller caller) {
            try {
                AdmittedCall call = gate.admit(request, caller);
                if (waitsForTheObject(request, call)) {
                    Optional<ObjectVersion> object =
                            buckets.index().current(call.bucket(), request.key().orElseThrow());
                    if (object.isEmpty()) {
                        return Optional.of(call.mayList() ? S3Error.NO_SUCH_KEY : S3Error.ACCESS_DENIED);
                    }
                    call.require(call.own().object(object.get()));
                }
                return Optional.empty();
            } catch (S3Exception refused) {
                return Optional.of(refused.error());
            }
        }

        private boolean waitsForTheObject(S3Request request, AdmittedCall call) {
            S3Operation operation = request.operation();
            boolean byBody = operation.is(S3Operation.Trait.KEYS_IN_BODY)
                    || operation.is(S3Operation.Trait.TOPIC_IN_BODY)
                    || operation.is(S3Operation.Trait.TAGS_IN_BODY)
                    || operation.is(S3Operation.Trait.LOCK_IN_BODY);
            return !byBody && !isAuthorised(call);
        }
    }

    private static boolean isAuthorised(AdmittedCall call) {
        try {
            call.requireAuthorised();
            return true;
        } catch (IllegalStateException notYet) {
            return false;
        }
    }

    private S3Request request() {
        S3Operation operation = draw(S3Operation.all());
        Map<String, String> fields = new HashMap<>();
        if (chance(15)) {
            fields.put("x-amz-expected-bucket-owner", chance(50) ? "owner" : "another");
        }
        if (chance(30)) {
            fields.put("x-amz-request-payer", "requester");
        }
        if (chance(20)) {
            fields.put(AccessGate.EXPLAIN, "");
        }
        if (operation.route().resource() == Route.Resource.ACCOUNT_ACCESS_BLOCK) {
            fields.put(AccountRequest.ACCOUNT, chance(50) ? "owner" : "other");
        }
        RequestHeaders headers = RequestHeaders.of(fields);
        boolean onObject = operation.route().resource() == Route.Resource.OBJECT;
        boolean namesBucket = onObject || operation.route().resource() == Route.Resource.BUCKET;
        BucketName bucket = chance(5) ? new BucketName("nowhere") : NAME;
        return new S3Request(
                "REQUEST",
                operation,
                namesBucket ? Optional.of(bucket) : Optional.empty(),
                onObject ? Optional.of(draw(List.of(PRIVATE, OTHERS, MISSING))) : Optional.empty(),
                Parameters.parse(""),
                headers,
                RequestBody.EMPTY,
                new RawRequest("GET", "/", "", headers, RequestBody.EMPTY, false, "192.0.2.1", Optional.empty()));
    }

    @Test
    void anExplanationSaysWhatTheGateDoes() {
        List<String> differences = new ArrayList<>();
        Map<S3Error, Integer> refusals = new EnumMap<>(S3Error.class);
        int authorised = 0;
        World world = new World();
        for (int i = 0; i < DRAWS; i++) {
            if (i % 100 == 0) {
                world = new World();
            }
            S3Request request = request();
            Caller caller = draw(CALLERS);
            Optional<S3Error> answer = world.answer(request, caller);
            AccessExplanation explanation = world.explainer.explain(request, caller);
            if (!explanation.refusal().equals(answer)) {
                differences.add(request + " of " + caller + ": " + explanation + ", but " + answer);
            }
            assertThat(explanation.rules()).as("%s", request).isNotEmpty();
            answer.ifPresent(error -> refusals.merge(error, 1, Integer::sum));
            authorised += answer.isEmpty() ? 1 : 0;
        }

        assertThat(differences).isEmpty();
        assertThat(authorised).as("both answers occur").isBetween(DRAWS / 10, DRAWS * 9 / 10);
        assertThat(refusals).containsKeys(S3Error.ACCESS_DENIED, S3Error.NO_SUCH_BUCKET, S3Error.NO_SUCH_KEY);
    }
}
