package io.pataka.service.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import com.codahale.metrics.Clock;
import com.codahale.metrics.MetricRegistry;
import io.pataka.service.blob.Storage;
import io.pataka.service.blob.StorageStatus;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class StorageMetersTest {

    private final AtomicLong now = new AtomicLong(1);
    private final AtomicInteger looks = new AtomicInteger();
    private final MetricRegistry metrics = new MetricRegistry();

    private static StorageStatus store(int number, long usable, Optional<String> failure) {
        return new StorageStatus(number, "volume " + number, Set.of("STANDARD"), usable, 100, failure);
    }

    private Object value(String name) {
        return metrics.getGauges().get("pataka.volumes." + name).getValue();
    }

    @Test
    void aStorageClassHasTheSumOfItsStoresThatWork() {
        Storage storage = mock(Storage.class);
        when(storage.status())
                .thenReturn(List.of(
                        new StorageStatus(1, "a", Set.of("STANDARD"), 10, 100, Optional.empty()),
                        new StorageStatus(2, "b", Set.of("STANDARD", "COLD"), 20, 200, Optional.empty()),
                        new StorageStatus(3, "c", Set.of("COLD"), 40, 400, Optional.of("no answer")),
                        new StorageStatus(4, "d", Set.of(), 80, 800, Optional.empty())));
        new StorageMeters(storage, metrics).register();

        assertThat(metrics.getGauges().keySet())
                .filteredOn(name -> name.startsWith("pataka.storage-classes."))
                .containsExactlyInAnyOrder(
                        "pataka.storage-classes.COLD.capacity",
                        "pataka.storage-classes.COLD.usable",
                        "pataka.storage-classes.STANDARD.capacity",
                        "pataka.storage-classes.STANDARD.usable");
        assertThat(List.of(ofClass("STANDARD.usable"), ofClass("STANDARD.capacity")))
                .containsExactly(30L, 300L);
        assertThat(List.of(ofClass("COLD.usable"), ofClass("COLD.capacity"))).containsExactly(20L, 200L);
    }

    private Object ofClass(String name) {
        return metrics.getGauges().get("pataka.storage-classes." + name).getValue();
    }

    @Test
    void oneReadingOfAllMetricsLooksAtEachStoreOnce() {
        Storage storage = mock(Storage.class);
        when(storage.status()).thenAnswer(call -> {
            int look = looks.incrementAndGet();
            return List.of(
                    store(1, 10 + look, Optional.empty()),
                    store(2, 20 + look, look == 1 ? Optional.empty() : Optional.of("no answer")));
        });
        new StorageMeters(storage, metrics, new Clock() {
                    @Override
                    public long getTick() {
                        return now.get();
                    }
                })
                .register();

        assertThat(List.of(value("1.usable"), value("1.total"), value("2.usable"), value("2.failed")))
                .containsExactly(11L, 100L, 21L, 0L);
        assertThat(looks).hasValue(1);

        now.addAndGet(TimeUnit.SECONDS.toNanos(2));
        assertThat(List.of(value("1.usable"), value("2.usable"), value("2.failed")))
                .containsExactly(12L, 22L, 1L);
        assertThat(looks).hasValue(2);
    }
}
