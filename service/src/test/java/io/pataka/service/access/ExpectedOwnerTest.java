package io.pataka.service.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.pataka.service.model.BucketName;
import io.pataka.service.model.Caller;
import io.pataka.service.model.ObjectKey;
import io.pataka.service.model.Owner;
import io.pataka.service.operation.MemoryBucketCatalog;
import io.pataka.service.protocol.Parameters;
import io.pataka.service.protocol.RawRequest;
import io.pataka.service.protocol.RequestBody;
import io.pataka.service.protocol.RequestHeaders;
import io.pataka.service.protocol.Route.Resource;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import io.pataka.service.protocol.S3Operation;
import io.pataka.service.protocol.S3Request;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every operation on an existing bucket compares {@code x-amz-expected-bucket-owner} with its owner. */
class ExpectedOwnerTest {

    private static final Owner OWNER = new Owner("owner", "Owner");
    private static final Caller ADMIN =
            new Caller(OWNER, new Owner("ann", "Ann"), "default", Set.of("admin"), Optional.of("KEY"));

    private final MemoryBucketCatalog buckets = new MemoryBucketCatalog();
    private final AccessGate gate =
            new AccessGate(buckets, buckets.index(), RoleRules.standard(), new NoGrantees(), Clock.systemUTC());

    static Stream<S3Operation> onABucket() {
        return S3Operation.all().stream()
                .filter(operation -> operation.route().resource() == Resource.BUCKET
                        || operation.route().resource() == Resource.OBJECT)
                .filter(operation -> operation != S3Operation.CREATE_BUCKET && !operation.isPreflight());
    }

    @ParameterizedTest
    @MethodSource("onABucket")
    void refusesABucketOfAnotherOwner(S3Operation operation) {
        buckets.create(new BucketName("bucket"), OWNER, false, 0, Map.of());

        assertThat(gate.admit(request(operation, "owner"), ADMIN)).isNotNull();
        S3Exception refused =
                catchThrowableOfType(S3Exception.class, () -> gate.admit(request(operation, "another"), ADMIN));
        assertThat(refused).isNotNull();
        assertThat(refused.error()).isEqualTo(S3Error.ACCESS_DENIED);
        assertThat(refused.rule()).contains("x-amz-expected-bucket-owner names another owner");
    }

    private static S3Request request(S3Operation operation, String expected) {
        RequestHeaders headers = RequestHeaders.of(Map.of("x-amz-expected-bucket-owner", expected));
        return new S3Request(
                "REQUEST",
                operation,
                Optional.of(new BucketName("bucket")),
                operation.route().resource() == Resource.OBJECT ? Optional.of(ObjectKey.of("key")) : Optional.empty(),
                Parameters.parse(""),
                headers,
                RequestBody.EMPTY,
                new RawRequest("GET", "/", "", headers, RequestBody.EMPTY, false, "192.0.2.1", Optional.empty()));
    }
}
