package io.pataka.service.health;

import com.codahale.metrics.health.HealthCheck;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Unhealthy while a job of this node fails, with the reason of each. */
public final class JobHealth extends HealthCheck {

    private final Supplier<? extends Map<String, String>> failing;

    /**
     * @param failing the reasons why jobs fail now, by the names of the jobs
     */
    public JobHealth(Supplier<? extends Map<String, String>> failing) {
        this.failing = Objects.requireNonNull(failing);
    }

    @Override
    protected Result check() {
        Map<String, String> reasons = failing.get();
        return reasons.isEmpty()
                ? Result.healthy()
                : Result.unhealthy(reasons.entrySet().stream()
                        .map(job -> job.getKey() + " fails: " + job.getValue())
                        .collect(Collectors.joining("; ")));
    }
}
