package io.pataka.service.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import com.codahale.metrics.health.HealthCheck.Result;
import io.pataka.service.blob.Storage;
import io.pataka.service.blob.StorageStatus;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class StorageHealthTest {

    private static final long RESERVE = 10;
    private static final Optional<String> WORKS = Optional.empty();

    private static Result check(StorageStatus... stores) {
        Storage storage = mock(Storage.class);
        when(storage.status()).thenReturn(List.of(stores));
        return new StorageHealth(storage, RESERVE).execute();
    }

    private static StorageStatus store(int number, Set<String> classes, long usable, Optional<String> failure) {
        return new StorageStatus(number, "volume " + number, classes, usable, 100, failure);
    }

    @Test
    void storesWithSpaceAreHealthy() {
        assertThat(check(
                                store(1, Set.of("STANDARD"), 11, WORKS),
                                store(2, Set.of("COLD"), 50, WORKS),
                                store(3, Set.of(), 0, WORKS))
                        .isHealthy())
                .as("a store without classes may be full")
                .isTrue();
    }

    @Test
    void aStoreThatFailedOrIsFullIsNamed() {
        Result result = check(
                store(1, Set.of("STANDARD"), 50, Optional.of("fsync failed")),
                store(2, Set.of("STANDARD"), 10, WORKS),
                store(3, Set.of("STANDARD"), 11, WORKS));

        assertThat(result.isHealthy()).isFalse();
        assertThat(result.getMessage()).isEqualTo("volume 1: fsync failed; volume 2: full");
    }

    @Test
    void aStorageClassWithoutAStoreIsNamed() {
        Result result = check(
                store(1, Set.of("STANDARD"), 50, WORKS),
                store(2, Set.of("STANDARD", "COLD"), 10, WORKS),
                store(3, Set.of("COLD", "FROZEN"), 50, Optional.of("fsync failed")));

        assertThat(result.getMessage())
                .isEqualTo("volume 2: full; volume 3: fsync failed; no volume takes objects of the storage class COLD;"
                        + " no volume takes objects of the storage class FROZEN");
    }
}
