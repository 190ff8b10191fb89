package io.pataka.service.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.pataka.service.model.Caller;
import io.pataka.service.model.Owner;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import java.util.Optional;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** What all requests share: memory for documents, and the places for unsigned requests. */
class ClientSharesTest {

    private static final Caller TENANT = new Caller(
            new Owner("p", "project"), new Owner("u", "user"), "default", Set.of("member"), Optional.of("AK"));

    private static void assertSlowDown(ThrowingCallable work) {
        assertThatExceptionOfType(S3Exception.class)
                .isThrownBy(work)
                .satisfies(refusal -> assertThat(refusal.error()).isEqualTo(S3Error.SLOW_DOWN))
                .satisfies(refusal -> assertThat(refusal.headers()).containsEntry("Retry-After", "1"));
    }

    @Test
    void givesMemoryBack() {
        DocumentMemory memory = new DocumentMemory(4 << 20);
        DocumentMemory.Share first = memory.share();
        first.grow(512 << 10);
        first.grow(512 << 10);
        try (DocumentMemory.Share second = memory.share()) {
            assertSlowDown(() -> second.grow(1));
            assertSlowDown(second::takeForm);
        }
        first.close();
        try (DocumentMemory.Share third = memory.share()) {
            third.grow(1 << 20);
            assertSlowDown(() -> third.grow(1));
        }
    }

    @Test
    void boundsUnsignedRequests() {
        AnonymousRequests requests = new AnonymousRequests(1);
        AnonymousRequests.Place place = requests.enter(Caller.ANONYMOUS);
        assertSlowDown(() -> requests.enter(Caller.ANONYMOUS));
        requests.enter(TENANT).close();
        assertSlowDown(() -> requests.enter(Caller.ANONYMOUS));
        place.leaveIfSigned(Caller.ANONYMOUS);
        assertSlowDown(() -> requests.enter(Caller.ANONYMOUS));
        place.leaveIfSigned(TENANT);
        try (AnonymousRequests.Place next = requests.enter(Caller.ANONYMOUS)) {
            place.close();
            assertSlowDown(() -> requests.enter(Caller.ANONYMOUS));
        }
    }
}
