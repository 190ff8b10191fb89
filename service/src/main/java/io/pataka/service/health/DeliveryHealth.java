package io.pataka.service.health;

import com.codahale.metrics.health.HealthCheck;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;

/** Unhealthy while this node cannot send events of notifications. A destination that does not answer is the affair of its tenant. */
public final class DeliveryHealth extends HealthCheck {

    private final Supplier<Optional<String>> fault;

    /** @param fault of this server; empty if there is none */
    public DeliveryHealth(Supplier<Optional<String>> fault) {
        this.fault = Objects.requireNonNull(fault);
    }

    @Override
    protected Result check() {
        return fault.get().map(Result::unhealthy).orElseGet(Result::healthy);
    }
}
