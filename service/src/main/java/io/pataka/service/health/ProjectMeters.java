package io.pataka.service.health;

import io.pataka.service.metadata.BucketUsage;
import io.pataka.service.metadata.BucketUsage.ProjectSum;
import io.pataka.service.metadata.MetadataUnavailableException;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.List;
import java.util.Objects;
import java.util.function.ToDoubleFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gauges of what lies in the buckets of each project, with its id as a label: for the projects with the most bytes alone, so that their
 * number is bounded. The values are the sums of a job, and are read from time to time and not for each look at the metrics.
 */
public final class ProjectMeters implements MultiCollector {

    /** The most projects that have gauges. */
    static final int PROJECTS = 100;

    private static final Logger LOG = LoggerFactory.getLogger(ProjectMeters.class);

    private final BucketUsage usage;
    private volatile List<ProjectSum> sums = List.of();

    public ProjectMeters(BucketUsage usage) {
        this.usage = Objects.requireNonNull(usage);
    }

    /** Reads the sums. While the database does not answer, the former ones stay. */
    public void read() {
        try {
            sums = usage.largestProjects(PROJECTS);
        } catch (MetadataUnavailableException noAnswer) {
            LOG.debug("the usage of projects is not read", noAnswer);
        }
    }

    @Override
    public MetricSnapshots collect() {
        List<ProjectSum> now = sums;
        return new MetricSnapshots(
                gauge(
                        now,
                        "bytes",
                        "Bytes of all versions",
                        project -> project.usage().bytes()),
                gauge(
                        now,
                        "objects",
                        "Versions with content",
                        project -> project.usage().objects()),
                gauge(now, "buckets", "Buckets", ProjectSum::buckets));
    }

    private static GaugeSnapshot gauge(
            List<ProjectSum> sums, String name, String help, ToDoubleFunction<ProjectSum> value) {
        GaugeSnapshot.Builder gauge = GaugeSnapshot.builder()
                .name("pataka_project_" + name)
                .help(help + ", of the " + PROJECTS + " largest projects");
        for (ProjectSum project : sums) {
            gauge.dataPoint(GaugeDataPointSnapshot.builder()
                    .labels(Labels.of("project", project.ownerId()))
                    .value(value.applyAsDouble(project))
                    .build());
        }
        return gauge.build();
    }
}
