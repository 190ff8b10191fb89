package io.pataka.service.health;

import com.codahale.metrics.health.HealthCheck;
import io.pataka.keystone.KeystoneConnection;

/** Unhealthy when Keystone cannot be asked, or does not know the service user. Cached keys work on for their lifetime. */
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
