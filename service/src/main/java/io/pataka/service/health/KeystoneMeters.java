package io.pataka.service.health;

import com.codahale.metrics.Histogram;
import com.codahale.metrics.Meter;
import com.codahale.metrics.MetricRegistry;
import com.codahale.metrics.Timer;
import io.pataka.keystone.KeystoneMetrics;
import io.pataka.keystone.Resolution.Outage;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Metrics of the Keystone middleware, below {@code pataka.keystone} and {@code pataka.barbican}. */
public final class KeystoneMeters implements KeystoneMetrics {

    private final Map<Call, Timer> calls = new EnumMap<>(Call.class);
    private final Map<Outcome, Meter> outcomes = new EnumMap<>(Outcome.class);
    private final Histogram age;
    private final Meter misses;
    private final Meter unavailable;

    private KeystoneMeters(MetricRegistry registry, String prefix, Set<Call> kinds) {
        for (Call call : kinds) {
            calls.put(call, registry.timer(MetricRegistry.name(prefix, "call", lower(call))));
        }
        for (Outcome outcome : Outcome.values()) {
            outcomes.put(outcome, registry.meter(MetricRegistry.name(prefix, "outcome", lower(outcome))));
        }
        this.age = registry.histogram(MetricRegistry.name(prefix, "cache", "age", "millis"));
        this.misses = registry.meter(MetricRegistry.name(prefix, "cache", "misses"));
        this.unavailable = registry.meter(MetricRegistry.name(prefix, "unavailable"));
    }

    public static KeystoneMeters ofKeystone(MetricRegistry registry) {
        return new KeystoneMeters(
                registry,
                "pataka.keystone",
                Set.of(Call.LOGIN, Call.TOKEN_CHECK, Call.S3TOKENS, Call.CREDENTIAL, Call.LOOK_UP));
    }

    public static KeystoneMeters ofBarbican(MetricRegistry registry) {
        return new KeystoneMeters(registry, "pataka.barbican", Set.of(Call.SECRET_PAYLOAD, Call.SECRET_METADATA));
    }

    private static String lower(Enum<?> name) {
        return name.name().toLowerCase(Locale.ROOT);
    }

    @Override
    public void called(Call call, Outcome outcome, Duration latency) {
        calls.get(call).update(latency);
        outcomes.get(outcome).mark();
    }

    @Override
    public void hit(Duration cachedFor) {
        age.update(cachedFor.toMillis());
    }

    @Override
    public void missed() {
        misses.mark();
    }

    @Override
    public void unavailable(Outage outage) {
        unavailable.mark();
    }
}
