package io.pataka.service.health;

import com.codahale.metrics.health.HealthCheck;
import io.pataka.keystone.KeystoneConnection;

/** Unhealthy while Keystone does not answer, or refuses the service user. Cached keys still work for their lifetime. */
public final class KeystoneHealth extends HealthCheck {

    private final KeystoneConnection keystone;

    public KeystoneHealth(KeystoneConnection keystone) {
        this.keystone = keystone;
    }

    @Override
    protected Result check() {
        return keystone.trouble().map(Result::unhealthy).orElseGet(Result::healthy);
    }
}
