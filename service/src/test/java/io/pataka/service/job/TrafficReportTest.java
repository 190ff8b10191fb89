package io.pataka.service.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.codahale.metrics.MetricRegistry;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.GetResponse;
import io.dropwizard.db.ManagedDataSource;
import io.pataka.service.delivery.AddressGuard;
import io.pataka.service.delivery.OsloMeters;
import io.pataka.service.delivery.OsloNotifications;
import io.pataka.service.delivery.TrustedAuthorities;
import io.pataka.service.job.Job.Progress;
import io.pataka.service.metadata.Database;
import io.pataka.service.metadata.JobPositions;
import io.pataka.service.metadata.MariaDbJobPositions;
import io.pataka.service.metadata.MariaDbReportedUsage;
import io.pataka.service.metadata.MariaDbRequestUsage;
import io.pataka.service.metadata.ReportedUsage;
import io.pataka.service.metadata.ReportedUsage.Report;
import io.pataka.service.metadata.ReportedUsage.Traffic;
import io.pataka.service.metadata.RequestUsage;
import io.pataka.service.metadata.RequestUsage.Counts;
import io.pataka.service.metadata.RequestUsage.Line;
import io.pataka.service.metadata.RequestUsage.Subject;
import io.pataka.service.testing.EmbeddedMariaDb;
import io.pataka.service.testing.RabbitMq;
import io.pataka.service.testing.S3Server;
import io.pataka.service.testing.SteppedClock;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With a real database, and a RabbitMQ node of its own where notifications are sent. */
final class TrafficReportTest {

    private static final byte[] ONE = new byte[16];
    private static final byte[] OTHER = {1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
    private static final Duration BUDGET = Duration.ofSeconds(10);
    private static final Duration MINUTE = Duration.ofMinutes(1);

    @TempDir
    private Path folder;

    private final SteppedClock clock = new SteppedClock();
    private final List<Report> taken = new ArrayList<>();
    private ManagedDataSource source;
    private RequestUsage usage;
    private ReportedUsage reported;
    private JobPositions positions;

    @BeforeEach
    void open() {
        source = EmbeddedMariaDb.shared().freshSchema().open(new MetricRegistry());
        Database database = new Database(source);
        usage = new MariaDbRequestUsage(database);
        reported = new MariaDbReportedUsage(database);
        positions = new MariaDbJobPositions(database);
        clock.advance(Duration.ofHours(9).plusMinutes(30));
    }

    @AfterEach
    void close() throws Exception {
        source.stop();
    }

    private TrafficReport report(TrafficReport.Metering metering) {
        return new TrafficReport(reported, positions, metering, clock);
    }

    private TrafficReport report() {
        return report(reports -> {
            taken.addAll(reports);
            return reports.size();
        });
    }

    private Instant hour() {
        return clock.instant().truncatedTo(ChronoUnit.HOURS);
    }

    private void count(byte[] node, String account, Instant hour, String bucket, long ops) {
        usage.put(
                node,
                List.of(new Line(
                        new Subject(account, hour, bucket, "get_obj"), new Counts(ops, ops, ops * 1_000, ops * 10))));
    }

    private static Report report(String account, long ops) {
        return new Report(account, new Traffic(ops, ops * 1_000, ops * 10));
    }

    private void round(TrafficReport report) throws IOException {
        assertThat(report.runSlice(BUDGET)).isEqualTo(Progress.IDLE);
        clock.advance(MINUTE);
    }

    private List<Report> roundOf(TrafficReport report) throws IOException {
        taken.clear();
        round(report);
        return List.copyOf(taken);
    }

    @Test
    void reportsWhatAllNodesCountedSinceTheLastTime() throws Exception {
        TrafficReport report = report();
        count(ONE, "p", hour(), "a", 3);
        count(OTHER, "p", hour(), "b", 4);
        count(ONE, "q", hour(), "", 1);
        assertThat(roundOf(report)).containsExactly(report("p", 7), report("q", 1));

        assertThat(roundOf(report)).isEmpty();

        count(ONE, "p", hour(), "a", 5);
        assertThat(roundOf(report)).containsExactly(report("p", 2));
    }

    @Test
    void anotherNodeContinues() throws Exception {
        count(ONE, "p", hour(), "a", 3);
        round(report());
        count(ONE, "p", hour(), "a", 4);

        assertThat(roundOf(report())).containsExactly(report("p", 1));
    }

    @Test
    void reportsTheHoursOfAProjectTogether() throws Exception {
        TrafficReport report = report();
        round(report);
        count(ONE, "p", hour(), "a", 3);
        clock.advance(Duration.ofMinutes(30));
        count(ONE, "p", hour(), "a", 4);

        assertThat(roundOf(report)).containsExactly(report("p", 7));
    }

    @Test
    void reportsWhatANodeCouldStoreOnlyHoursLater() throws Exception {
        TrafficReport report = report();
        round(report);
        Instant outage = hour();
        for (int i = 0; i < 20; i++) {
            clock.advance(Duration.ofHours(1));
            assertThat(roundOf(report)).isEmpty();
        }
        count(ONE, "p", outage, "a", 3);
        assertThat(roundOf(report)).isEmpty();

        clock.advance(Duration.ofHours(1));
        assertThat(roundOf(report)).containsExactly(report("p", 3));
    }

    @Test
    void reportsEverythingAfterALongOutageOfTheBroker() throws Exception {
        round(report());
        for (int i = 0; i < 100; i++) {
            count(ONE, "p", hour(), "a", 2);
            clock.advance(Duration.ofHours(1));
            assertThatThrownBy(() -> report(reports -> {
                                throw new IOException("down");
                            })
                            .runSlice(BUDGET))
                    .hasMessage("down");
        }

        assertThat(roundOf(report())).containsExactly(report("p", 200));
    }

    @Test
    void doesNotReportWhatWasCountedBeforeItRanFirst() throws Exception {
        count(ONE, "p", hour().minus(1, ChronoUnit.HOURS), "a", 3);
        assertThat(roundOf(report())).isEmpty();

        clock.advance(Duration.ofHours(1));
        assertThat(roundOf(report())).isEmpty();
    }

    @Test
    void reportsMoreProjectsAndHoursThanFitIntoAPage() throws Exception {
        Map<String, Long> expected = new HashMap<>();
        round(report());
        Instant first = hour();
        clock.advance(Duration.ofHours(3));
        for (int project = 0; project < 700; project++) {
            for (int i = 0; i < 3; i++) {
                count(ONE, "p" + project, first.plus(i, ChronoUnit.HOURS), "a", project + 1L);
            }
            expected.put("p" + project, 3L * (project + 1));
        }

        Map<String, Long> sums = new HashMap<>();
        for (Report one : roundOf(report())) {
            assertThat(sums.put(one.account(), one.traffic().requests()))
                    .as("one report for each project")
                    .isNull();
        }
        assertThat(sums).isEqualTo(expected);
    }

    /** After the first that was not taken, the job goes on with this one. */
    @Test
    void repeatsOnlyWhatWasNotTaken() throws Exception {
        IntStream.range(0, 10).forEach(i -> count(ONE, "p" + i, hour(), "a", i + 1));
        List<Integer> asked = new ArrayList<>();
        TrafficReport report = report(reports -> {
            asked.add(reports.size());
            if (asked.size() == 2) {
                throw new IOException("down");
            }
            int some = Math.min(4, reports.size());
            taken.addAll(reports.subList(0, some));
            return some;
        });
        assertThatThrownBy(() -> report.runSlice(BUDGET)).hasMessage("down");
        assertThat(report.runSlice(BUDGET)).isEqualTo(Progress.IDLE);

        assertThat(asked).containsExactly(10, 6, 6, 2);
        assertThat(taken)
                .containsExactlyElementsOf(IntStream.range(0, 10)
                        .mapToObj(i -> report("p" + i, i + 1))
                        .toList());
    }

    @Test
    void forgetsWhatIsOld() throws Exception {
        Instant now = Instant.now().truncatedTo(ChronoUnit.HOURS);
        ReportedUsage.Line old =
                new ReportedUsage.Line("p", now.minus(3, ChronoUnit.DAYS), new Traffic(1, 1, 1), Traffic.NONE);
        ReportedUsage.Line recent = new ReportedUsage.Line("p", now, new Traffic(1, 1, 1), Traffic.NONE);
        reported.reported(List.of(old, recent));

        assertThat(reported.expire(Duration.ofDays(2), 1)).isTrue();
        assertThat(reported.expire(Duration.ofDays(2), 1)).isFalse();

        count(ONE, "p", old.hour(), "a", 1);
        assertThat(reported.unreported("", Instant.EPOCH, 10))
                .singleElement()
                .satisfies(line -> assertThat(line.hour()).isEqualTo(old.hour()));
    }

    /** The fields that Ceilometer's meters.yaml, event_definitions.yaml and gnocchi_resources.yaml name. */
    @Test
    void sendsWhatTheStockMetersOfCeilometerRead() throws Exception {
        try (RabbitMq broker = RabbitMq.in(folder);
                OsloMeters meters = meters(broker)) {
            TrafficReport report = report(meters::send);
            count(ONE, "p", hour(), "a", 3);
            usage.put(ONE, List.of(new Line(new Subject("q", hour(), "", "x"), new Counts(1, 0, 0, 0))));
            round(report);

            List<JsonNode> sent = notifications(broker);
            assertThat(sent).hasSize(2);
            JsonNode first = sent.get(0);
            assertThat(first.path("event_type").asText()).isEqualTo("objectstore.http.request");
            assertThat(first.path("publisher_id").asText()).isEqualTo("pataka.node-1");
            assertThat(first.path("priority").asText()).isEqualTo("INFO");
            assertThat(first.path("timestamp").asText()).isEqualTo("2026-01-01 09:30:00.000000");
            JsonNode payload = first.path("payload");
            assertThat(payload.path("typeURI").asText()).isEqualTo("http://schemas.dmtf.org/cloud/audit/1.0/event");
            assertThat(payload.path("eventTime").asText()).isEqualTo("2026-01-01T09:30:00.000000");
            assertThat(payload.at("/initiator/project_id").asText()).isEqualTo("p");
            assertThat(payload.at("/target/id").asText()).isEqualTo("p");
            assertThat(payload.at("/target/typeURI").asText()).isEqualTo("service/storage/object");
            assertThat(measurements(payload))
                    .isEqualTo(Map.of(
                            "storage.objects.incoming.bytes B", 30L,
                            "storage.objects.outgoing.bytes B", 3_000L,
                            "storage.api.request request", 3L));
            assertThat(measurements(sent.get(1).path("payload"))).isEqualTo(Map.of("storage.api.request request", 1L));

            broker.kill();
            count(ONE, "p", hour(), "a", 5);
            assertThatThrownBy(() -> report.runSlice(BUDGET))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("notifications.delivery.oslo");
            broker.start();
            round(report);
            // A broker that is killed may deliver once more what it had delivered before.
            List<JsonNode> later = notifications(broker);
            later.removeAll(sent);
            assertThat(later)
                    .singleElement()
                    .satisfies(message -> assertThat(measurements(message.path("payload")))
                            .containsEntry("storage.objects.incoming.bytes B", 20L));
        }
    }

    private OsloMeters meters(RabbitMq broker) {
        OsloNotifications oslo = OsloNotifications.of(
                "rabbit://guest:guest@127.0.0.1:" + broker.port() + "//",
                false,
                Optional.empty(),
                "swift",
                "notifications",
                true,
                "pataka.node-1",
                List.of());
        return new OsloMeters(
                oslo, new AddressGuard(List.of(), List.of(), false), new TrustedAuthorities(Optional.empty()), clock);
    }

    private static Map<String, Long> measurements(JsonNode payload) {
        Map<String, Long> found = new HashMap<>();
        for (JsonNode measurement : payload.required("measurements")) {
            JsonNode metric = measurement.required("metric");
            found.put(
                    metric.required("name").asText() + " "
                            + metric.required("unit").asText(),
                    measurement.required("result").longValue());
        }
        return found;
    }

    private static List<JsonNode> notifications(RabbitMq broker) throws Exception {
        ObjectMapper json = new ObjectMapper();
        List<JsonNode> messages = new ArrayList<>();
        try (Connection connection = broker.connect();
                Channel channel = connection.createChannel()) {
            for (GetResponse got = channel.basicGet("notifications.info", true);
                    got != null;
                    got = channel.basicGet("notifications.info", true)) {
                JsonNode envelope = json.readTree(got.getBody());
                assertThat(envelope.path("oslo.version").asText()).isEqualTo("2.0");
                messages.add(json.readTree(envelope.path("oslo.message").asText()));
            }
        }
        return messages;
    }

    @Test
    void runsOnlyIfTheSettingsSaySo() throws Exception {
        String oslo = "notifications: {delivery: {oslo: {url: 'rabbit://u:p@127.0.0.1:1/', meters: %s}}}";
        try (S3Server on = S3Server.own(oslo.formatted("true")).start();
                S3Server off = S3Server.own(oslo.formatted("false")).start()) {
            assertThat(on.admin("/metrics")).contains("traffic-report");
            assertThat(off.admin("/metrics")).contains("request-count-expiry").doesNotContain("traffic-report");
        }
    }
}
