package io.pataka.service.metadata;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.pataka.service.metadata.EventQueue.Due;
import io.pataka.service.metadata.EventQueue.HeldTopic;
import io.pataka.service.metadata.EventQueue.Waiting;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class EventQueueTest {

    private static final Duration HOUR = Duration.ofHours(1);

    private MetadataTestBed bed;
    private EventQueue queue;

    @BeforeEach
    void open() {
        bed = new MetadataTestBed();
        queue = new MariaDbEventQueue(bed.database);
    }

    @AfterEach
    void close() {
        bed.close();
    }

    private long topic(String account, String name) {
        execute("INSERT INTO topic (account_id, name, attributes, created_at) VALUES ('" + account + "', '" + name
                + "', '{}', 0)");
        return bed.count("SELECT id FROM topic WHERE account_id = '" + account + "' AND name = '" + name + "'");
    }

    private void event(long topic, String record) {
        execute("INSERT INTO event (topic_id, sequence, queued_at, record) VALUES (" + topic
                + ", 7, CAST(UNIX_TIMESTAMP(NOW(6)) * 1000000 AS SIGNED), '" + record + "')");
    }

    private void execute(String sql) {
        bed.database.write(handle -> handle.createUpdate(sql).execute());
    }

    private List<String> records(long topic) {
        return queue.first(topic, 100).stream()
                .map(event -> new String(event.record(), UTF_8))
                .toList();
    }

    @Test
    void findsTopicsThatHaveEvents() {
        long one = topic("p", "one");
        topic("p", "two");
        event(one, "a");
        event(one, "b");

        assertThat(queue.due(10)).containsExactly(new Due(one, "p", 0));
        assertThat(records(one)).containsExactly("a", "b");
        assertThat(queue.first(one, 1)).hasSize(1).allSatisfy(event -> {
            assertThat(event.sequence()).isEqualTo(7);
            assertThat(event.age()).isBetween(Duration.ZERO, Duration.ofMinutes(5));
        });
    }

    @Test
    void findsNoEventsOfADeletedTopic() {
        event(4711, "a");

        assertThat(queue.due(10)).isEmpty();
        assertThat(queue.used(0, 10)).isEmpty();
    }

    @Test
    void removesOnlyTheEventsThatWereSent() {
        long one = topic("p", "one");
        event(one, "a");
        event(one, "b");
        event(one, "c");
        List<Waiting> first = queue.first(one, 2);
        event(one, "d");

        queue.remove(first.stream().map(Waiting::id).toList());
        queue.remove(List.of());

        assertThat(records(one)).containsExactly("c", "d");
    }

    @Test
    void isHeldByOneProcessAtATime() {
        long one = topic("p", "one");
        event(one, "a");

        HeldTopic held = queue.take(one, "node-1", HOUR).orElseThrow();

        assertThat(held).isEqualTo(new HeldTopic(one, "p", "one", "{}", Optional.empty(), 0));
        assertThat(queue.take(one, "node-2", HOUR)).isEmpty();
        assertThat(queue.take(one, "node-1", HOUR)).isPresent();
        assertThat(queue.due(10)).isEmpty();
        queue.release(one, "node-2");
        assertThat(queue.take(one, "node-2", HOUR)).isEmpty();
        queue.release(one, "node-1");
        assertThat(queue.due(10)).hasSize(1);
        assertThat(queue.take(one, "node-2", HOUR)).isPresent();
    }

    @Test
    void isTakenFromAProcessThatEnded() {
        long one = topic("p", "one");
        event(one, "a");
        assertThat(queue.take(one, "node-1", Duration.ZERO)).isPresent();

        assertThat(queue.due(10)).hasSize(1);
        assertThat(queue.take(one, "node-2", HOUR)).isPresent();
        assertThat(queue.take(one, "node-1", HOUR)).isEmpty();
        assertThat(queue.take(4711, "node-1", HOUR)).isEmpty();
    }

    @Test
    void offersFirstTheTopicThatWasHeldLeastRecently() {
        long one = topic("p", "one");
        long two = topic("q", "two");
        event(one, "a");
        event(two, "a");
        queue.take(one, "node-1", HOUR);
        queue.release(one, "node-1");

        assertThat(queue.due(10)).extracting(Due::topic).containsExactly(two, one);
        assertThat(queue.due(1)).extracting(Due::topic).containsExactly(two);
    }

    @Test
    void waitsAfterAFailure() {
        long one = topic("p", "one");
        event(one, "a");
        HeldTopic held = queue.take(one, "node-1", HOUR).orElseThrow();

        queue.failed(held, "node-2", 9, HOUR);
        assertThat(bed.count("SELECT failures FROM topic")).isZero();
        queue.failed(held, "node-1", 3, HOUR);
        queue.release(one, "node-1");

        assertThat(queue.due(10)).isEmpty();
        assertThat(queue.take(one, "node-1", HOUR).orElseThrow().failures()).isEqualTo(3);
        queue.succeeded(one);
        queue.release(one, "node-1");
        assertThat(queue.due(10)).containsExactly(new Due(one, "p", 0));
    }

    /** The new destination is tried at once, and the failure is of the old one. */
    @Test
    void doesNotWaitIfTheTopicWasChangedWhileItFailed() {
        long one = topic("p", "one");
        event(one, "a");
        HeldTopic held = queue.take(one, "node-1", HOUR).orElseThrow();
        execute("UPDATE topic SET attributes = '{\"a\":1}'");

        queue.failed(held, "node-1", 3, HOUR);
        queue.release(one, "node-1");

        assertThat(queue.due(10)).containsExactly(new Due(one, "p", 0));
    }

    @Test
    void takesNoMoreEventsThanATopicMayHave() {
        long one = topic("p", "one");
        for (int i = 0; i < 10; i++) {
            event(one, "a");
        }

        assertThat(queue.limit(one, 11)).isTrue();
        assertThat(queue.limit(one, 10)).isFalse();
        assertThat(bed.count("SELECT COUNT(*) FROM topic WHERE accepts")).isZero();
        assertThat(queue.used(0, 10)).containsExactly(one);

        queue.remove(queue.first(one, 4).stream().map(Waiting::id).toList());
        assertThat(queue.limit(one, 10)).isFalse();
        queue.remove(queue.first(one, 1).stream().map(Waiting::id).toList());
        assertThat(queue.limit(one, 10)).isTrue();
        assertThat(bed.count("SELECT COUNT(*) FROM topic WHERE accepts")).isEqualTo(1);
    }

    /** It would never take events again, if only topics with events were looked at. */
    @Test
    void looksAlsoAtFullTopicsThatHaveNoEventsAnyMore() {
        long one = topic("p", "one");
        execute("UPDATE topic SET accepts = FALSE");

        assertThat(queue.used(0, 10)).containsExactly(one);
        assertThat(queue.used(one, 10)).isEmpty();
        assertThat(queue.limit(one, 10)).isTrue();
        assertThat(queue.used(0, 10)).isEmpty();
    }

    @Test
    void tellsWhatWaits() {
        assertThat(queue.status()).isEqualTo(new EventQueue.Status(0, Optional.empty(), 0, 0));
        long one = topic("p", "one");
        topic("p", "two");
        event(one, "a");
        event(one, "b");
        execute("UPDATE topic SET failures = 2, accepts = FALSE WHERE id = " + one);

        EventQueue.Status status = queue.status();

        assertThat(status.events()).isEqualTo(2);
        assertThat(status.oldest())
                .get()
                .satisfies(age -> assertThat(age).isBetween(Duration.ZERO, Duration.ofMinutes(5)));
        assertThat(status.failing()).isEqualTo(1);
        assertThat(status.full()).isEqualTo(1);
    }
}
