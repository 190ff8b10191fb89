package io.pataka.service.delivery;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pataka.service.metadata.ReportedUsage.Report;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;

/**
 * Sends the traffic of projects to Ceilometer, in the form in which its middleware for Swift sends each request: CADF events, from whose
 * measurements the stock definitions of meters make samples.
 *
 * @see <a href="https://opendev.org/openstack/ceilometermiddleware/src/branch/master/ceilometermiddleware/swift.py">ceilometermiddleware</a>
 */
public final class OsloMeters implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String EVENT_TYPE = "objectstore.http.request";
    private static final int BATCH = 100;

    /** As Python writes a time without a zone. */
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS").withZone(ZoneOffset.UTC);

    private final OsloNotifications oslo;
    private final AmqpDestinations destinations;
    private final Clock clock;
    private EventSender broker;

    public OsloMeters(OsloNotifications oslo, AddressGuard guard, TrustedAuthorities authorities, Clock clock) {
        this.oslo = Objects.requireNonNull(oslo);
        this.destinations = new AmqpDestinations(guard, authorities);
        this.clock = Objects.requireNonNull(clock);
    }

    /**
     * Sends one notification for each project, and waits until the broker has confirmed them. For one thread at a time.
     *
     * @param reports at least one
     * @return how many of the first the broker has confirmed, at least one and not necessarily all
     * @throws IOException when it has not confirmed the first
     */
    public int send(List<Report> reports) throws IOException {
        if (broker == null) {
            broker = destinations.notifications(oslo);
        }
        Instant now = clock.instant();
        Sent sent = sent(reports.stream()
                .limit(BATCH)
                .map(report -> new Event(report.account(), notification(report, now), Map.of()))
                .toList());
        if (sent.events() == 0) {
            throw new IOException("the broker of notifications.delivery.oslo takes no notifications: "
                    + sent.fault().orElse("it takes too long"));
        }
        return sent.events();
    }

    private Sent sent(List<Event> events) throws IOException {
        try {
            return broker.send(events);
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            throw (IOException) new InterruptedIOException("the server stops").initCause(stopping);
        }
    }

    private byte[] notification(Report report, Instant now) {
        UUID id = UUID.randomUUID();
        ObjectNode event = JSON.createObjectNode();
        event.put("typeURI", "http://schemas.dmtf.org/cloud/audit/1.0/event");
        event.put("eventType", "activity");
        event.put("id", id.toString());
        event.put("eventTime", TIME.format(now));
        event.put("action", "unknown");
        event.put("outcome", "success");
        // No user, because the requests are those of many.
        ObjectNode initiator = event.putObject("initiator");
        initiator.put("typeURI", "service/security/account/user");
        initiator.put("project_id", report.account());
        ObjectNode target = event.putObject("target");
        target.put("typeURI", "service/storage/object");
        target.put("id", report.account());
        ObjectNode observer = event.putObject("observer");
        observer.put("typeURI", "service/storage/object");
        observer.put("id", "target");
        ArrayNode measurements = event.putArray("measurements");
        measure(
                measurements,
                "storage.objects.incoming.bytes",
                "B",
                report.traffic().bytesReceived());
        measure(
                measurements,
                "storage.objects.outgoing.bytes",
                "B",
                report.traffic().bytesSent());
        measure(measurements, "storage.api.request", "request", report.traffic().requests());
        return OsloEnvelope.of(id, oslo.publisher(), EVENT_TYPE, event, now);
    }

    private static void measure(ArrayNode measurements, String name, String unit, long result) {
        if (result > 0) {
            ObjectNode measurement = measurements.addObject();
            measurement.put("result", result);
            ObjectNode metric = measurement.putObject("metric");
            metric.put("metricId", UUID.nameUUIDFromBytes(name.getBytes(UTF_8)).toString());
            metric.put("unit", unit);
            metric.put("name", name);
        }
    }

    @Override
    public void close() {
        if (broker != null) {
            broker.close();
        }
        destinations.close();
    }
}
