package io.pataka.service.health;

import static org.assertj.core.api.Assertions.assertThat;

import com.codahale.metrics.MetricRegistry;
import io.dropwizard.db.ManagedDataSource;
import io.pataka.service.metadata.BucketUsage;
import io.pataka.service.metadata.Database;
import io.pataka.service.metadata.MariaDbBucketCatalog;
import io.pataka.service.model.BucketName;
import io.pataka.service.model.Owner;
import io.pataka.service.testing.Changes;
import io.pataka.service.testing.EmbeddedMariaDb;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Gauges of projects, whose number is bounded. */
final class ProjectMetersTest {

    private ManagedDataSource source;
    private BucketUsage usage;
    private MariaDbBucketCatalog buckets;
    private ProjectMeters meters;

    @BeforeEach
    void open() {
        source = EmbeddedMariaDb.shared().freshSchema().open(new MetricRegistry());
        Database database = new Database(source);
        usage = new BucketUsage(database, Clock.systemUTC());
        buckets = new MariaDbBucketCatalog(database, Clock.systemUTC());
        meters = new ProjectMeters(usage);
    }

    @AfterEach
    void close() throws Exception {
        source.stop();
    }

    private void bucket(String name, String project, long bytes) {
        buckets.create(new BucketName(name), new Owner(project, project), false, 0, Map.of(), Changes.any());
        usage.keep(buckets.findFresh(new BucketName(name)).orElseThrow().id(), 2, bytes, Instant.now());
    }

    private List<GaugeSnapshot.GaugeDataPointSnapshot> gauge(String name) {
        for (MetricSnapshot metric : meters.collect()) {
            if (metric.getMetadata().getName().equals(name)) {
                return ((GaugeSnapshot) metric).getDataPoints();
            }
        }
        return List.of();
    }

    private double value(String name, String project) {
        return gauge(name).stream()
                .filter(point -> point.getLabels().get("project").equals(project))
                .findFirst()
                .orElseThrow()
                .getValue();
    }

    @Test
    void addUpTheBucketsOfEachProject() {
        bucket("a", "p1", 10);
        bucket("b", "p1", 20);
        bucket("c", "p2", 5);
        assertThat(gauge("pataka_project_bytes")).isEmpty();
        meters.read();

        assertThat(value("pataka_project_bytes", "p1")).isEqualTo(30);
        assertThat(value("pataka_project_objects", "p1")).isEqualTo(4);
        assertThat(value("pataka_project_buckets", "p1")).isEqualTo(2);
        assertThat(value("pataka_project_bytes", "p2")).isEqualTo(5);
    }

    @Test
    void areThoseOfTheLargestProjectsAlone() {
        for (int i = 0; i <= ProjectMeters.PROJECTS; i++) {
            bucket("b" + i, "p" + i, i);
        }
        meters.read();

        assertThat(gauge("pataka_project_bytes"))
                .hasSize(ProjectMeters.PROJECTS)
                .noneMatch(point -> point.getLabels().get("project").equals("p0"));
    }
}
