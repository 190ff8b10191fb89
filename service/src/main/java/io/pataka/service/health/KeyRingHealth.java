package io.pataka.service.health;

import com.codahale.metrics.health.HealthCheck;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;

/** Unhealthy while the file of the key ring cannot be used, or its active key cannot be read. */
public final class KeyRingHealth extends HealthCheck {

    private final Supplier<Optional<String>> fault;

    /** @param fault of the ring; empty if there is none */
    public KeyRingHealth(Supplier<Optional<String>> fault) {
        this.fault = Objects.requireNonNull(fault);
    }

    @Override
    protected Result check() {
        return fault.get().map(Result::unhealthy).orElseGet(Result::healthy);
    }
}
