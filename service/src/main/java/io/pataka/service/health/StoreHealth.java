package io.pataka.service.health;

import com.codahale.metrics.health.HealthCheck;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;

/** Unhealthy while no blob is deleted, because the database may not be the newest one of these stores. */
public final class StoreHealth extends HealthCheck {

    private final Supplier<Optional<String>> doubt;

    /** @param doubt why the database is not trusted; empty if it is */
    public StoreHealth(Supplier<Optional<String>> doubt) {
        this.doubt = Objects.requireNonNull(doubt);
    }

    @Override
    protected Result check() {
        return doubt.get().map(Result::unhealthy).orElseGet(Result::healthy);
    }
}
