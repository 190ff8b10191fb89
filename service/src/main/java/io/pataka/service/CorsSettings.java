package io.pataka.service;

import io.dropwizard.util.Duration;
import io.dropwizard.validation.MaxDuration;
import io.pataka.service.access.cors.CorsRule;
import io.pataka.service.access.cors.CorsRules;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The CORS rule of all buckets, which applies if none of a bucket's own rules matches. Meant for a dashboard. */
public record CorsSettings(
        @NotEmpty
        List<
                        @NotNull
                        @Pattern(
                                regexp = "\\*|[a-z][a-z0-9+.-]*://[A-Za-z0-9._:\\[\\]-]*\\*?[A-Za-z0-9._:\\[\\]-]*",
                                message = "must be * or an origin, https://host, with at most one * and without a path")
                        String>
                allowedOrigins,

        @NotEmpty
        List<
                        @NotNull
                        @Pattern(
                                regexp = "GET|HEAD|PUT|POST|DELETE",
                                message = "must be GET, HEAD, PUT, POST or DELETE")
                        String>
                allowedMethods,

        List<
                        @NotNull
                        @Pattern(
                                regexp = "[A-Za-z0-9_-]*\\*?[A-Za-z0-9_-]*",
                                message = "must be the name of a header, with at most one *")
                        String>
                allowedHeaders,
        List<@NotNull @Pattern(regexp = "[A-Za-z0-9_-]+", message = "must be the name of a header, without *") String>
                exposedHeaders,
        @MaxDuration(value = 365, unit = TimeUnit.DAYS) Duration maxAge) {

    public CorsSettings {
        allowedMethods = allowedMethods == null ? List.of("GET", "HEAD", "PUT", "POST", "DELETE") : allowedMethods;
        allowedHeaders = allowedHeaders == null ? List.of("*") : allowedHeaders;
        exposedHeaders =
                exposedHeaders == null ? List.of("ETag", "x-amz-request-id", "x-amz-version-id") : exposedHeaders;
        maxAge = maxAge == null ? Duration.minutes(10) : maxAge;
    }

    CorsRules rules() {
        return new CorsRules(List.of(new CorsRule(
                Optional.empty(),
                allowedMethods,
                allowedOrigins,
                allowedHeaders,
                exposedHeaders,
                Optional.of(Math.toIntExact(maxAge.toSeconds())))));
    }
}
