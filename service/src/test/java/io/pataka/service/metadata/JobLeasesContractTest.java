package io.pataka.service.metadata;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

final class JobLeasesContractTest {

    private static final Duration HOUR = Duration.ofHours(1);

    private static MetadataTestBed bed;
    private static JobLeases leases;

    @BeforeAll
    static void open() {
        bed = new MetadataTestBed();
        leases = bed.leases;
    }

    @AfterAll
    static void close() {
        bed.close();
    }

    @Test
    void oneHolderHasALease() {
        assertThat(leases.acquire("sweep", "a", HOUR)).isTrue();
        assertThat(leases.acquire("sweep", "b", HOUR)).isFalse();
        assertThat(leases.acquire("sweep", "a", HOUR)).isTrue();
        assertThat(leases.acquire("collect", "b", HOUR)).isTrue();
    }

    @Test
    void aReleasedLeaseIsFree() {
        leases.acquire("release", "a", HOUR);
        leases.release("release", "b");
        assertThat(leases.acquire("release", "b", HOUR)).isFalse();
        leases.release("release", "a");
        assertThat(leases.acquire("release", "b", HOUR)).isTrue();
    }

    @Test
    void aLeaseThatRanOutIsFree() {
        leases.acquire("late", "a", Duration.ZERO);
        assertThat(leases.acquire("late", "b", HOUR)).isTrue();
        assertThat(leases.acquire("late", "a", HOUR)).isFalse();
    }

    @Test
    void aRefusedCallerDoesNotLengthenTheLease() {
        leases.acquire("length", "a", HOUR);
        long before = end();
        leases.acquire("length", "b", Duration.ofDays(1));
        assertThat(end()).isEqualTo(before);
        leases.acquire("length", "a", Duration.ofDays(1));
        assertThat(end()).isGreaterThan(before);
    }

    private static long end() {
        return bed.count("SELECT expires_at FROM job_lease WHERE job = 'length'");
    }
}
