package io.pataka.service.health;

import com.codahale.metrics.health.HealthCheck;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;

/** Unhealthy while a file of keys cannot be used, or the active key of a key ring cannot be read. */
public final class KeyRingHealth extends HealthCheck {

    private final Supplier<Optional<String>> fault;

    /** @param fault of the keys; empty if there is none */
    public KeyRingHealth(Supplier<Optional<String>> fault) {
        this.fault = Objects.requireNonNull(fault);
    }

    @Override
    protected Result check() {
        return fault.get().map(Result::unhealthy).orElseGet(Result::healthy);
    }
}
