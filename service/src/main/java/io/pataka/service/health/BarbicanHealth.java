package io.pataka.service.health;

import com.codahale.metrics.health.HealthCheck;
import io.pataka.keystone.BarbicanSecrets;

/** Unhealthy while Barbican does not answer, or refuses the service user's tokens. Cached keys still work for a while. */
public final class BarbicanHealth extends HealthCheck {

    private final BarbicanSecrets secrets;

    public BarbicanHealth(BarbicanSecrets secrets) {
        this.secrets = secrets;
    }

    @Override
    protected Result check() {
        return secrets.trouble().map(Result::unhealthy).orElseGet(Result::healthy);
    }
}
