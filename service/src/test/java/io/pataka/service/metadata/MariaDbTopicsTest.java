package io.pataka.service.metadata;

import static io.pataka.service.metadata.MetadataTestBed.CHANGE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.pataka.service.metadata.Topics.Creation;
import io.pataka.service.metadata.Topics.Topic;
import io.pataka.service.metadata.row.Bind;
import io.pataka.service.model.EncryptionMode;
import io.pataka.service.model.Envelope;
import io.pataka.service.model.SealedSecret;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class MariaDbTopicsTest {

    private static final int MOST = 100;

    private MetadataTestBed bed;
    private Topics topics;

    @BeforeEach
    void open() {
        bed = new MetadataTestBed();
        topics = new MariaDbTopics(bed.database);
    }

    @AfterEach
    void close() {
        bed.close();
    }

    private static SealedSecret secret(String text) {
        return new SealedSecret(
                new Envelope(EncryptionMode.S3, "k", "wrapped", Optional.empty(), false), text.getBytes(UTF_8));
    }

    private Creation create(String account, String name) {
        return topics.create(account, name, "{}", Optional.empty(), MOST, CHANGE);
    }

    private void queue(long topic) {
        bed.database.write(handle -> Bind.all(
                        handle.createUpdate(
                                "INSERT INTO event (topic_id, sequence, queued_at, record) VALUES (?, 1, 1, '{}')"),
                        topic)
                .execute());
    }

    private long events() {
        return bed.database.read(handle -> handle.createQuery("SELECT COUNT(*) FROM event")
                .mapTo(Long.class)
                .one());
    }

    @Test
    void aTopicIsFoundWithItsSecret() {
        topics.create("p", "t", "{\"a\":\"b\"}", Optional.of(secret("sealed")), MOST, CHANGE);

        Topic found = topics.find("p", "t").orElseThrow();
        assertThat(found.attributes()).isEqualTo("{\"a\":\"b\"}");
        assertThat(found.secret().orElseThrow().bytes()).isEqualTo("sealed".getBytes(UTF_8));
        assertThat(found.secret().orElseThrow().envelope().keyId()).isEqualTo("k");
        assertThat(topics.find("p", "T")).isEmpty();
        assertThat(topics.find("q", "t")).isEmpty();
    }

    @Test
    void aNameIsTakenOnceInAnAccount() {
        assertThat(create("p", "t")).isEqualTo(Creation.CREATED);
        assertThat(create("p", "t")).isEqualTo(Creation.EXISTS);
        assertThat(create("q", "t")).isEqualTo(Creation.CREATED);
    }

    @Test
    void manyAtOnceCreateNoMoreThanTheAccountMayHave() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Callable<Creation>> calls = new ArrayList<>();
            for (int i = 0; i < 24; i++) {
                String name = "t" + i;
                calls.add(() -> topics.create("p", name, "{}", Optional.empty(), 5, CHANGE));
            }
            List<Creation> creations = new ArrayList<>();
            for (Future<Creation> done : threads.invokeAll(calls)) {
                creations.add(done.get());
            }
            assertThat(creations).filteredOn(Creation.CREATED::equals).hasSize(5);
            assertThat(creations).filteredOn(Creation.TOO_MANY::equals).hasSize(19);
            assertThat(topics.page("p", "", 100)).hasSize(5);
        } finally {
            threads.shutdown();
        }
    }

    @Test
    void aTopicThatWasChangedMeanwhileIsNotReplaced() {
        topics.create("p", "t", "{}", Optional.of(secret("one")), MOST, CHANGE);
        Topic first = topics.find("p", "t").orElseThrow();

        assertThat(topics.replace(first, "{}", Optional.of(secret("two")), CHANGE))
                .isTrue();
        assertThat(topics.replace(first, "{\"a\":\"b\"}", Optional.empty(), CHANGE))
                .isFalse();

        Topic second = topics.find("p", "t").orElseThrow();
        assertThat(second.secret().orElseThrow().bytes()).isEqualTo("two".getBytes(UTF_8));
        assertThat(topics.replace(second, "{\"a\":\"b\"}", Optional.empty(), CHANGE))
                .isTrue();
        topics.delete("p", "t", CHANGE);
        assertThat(topics.replace(second, "{}", Optional.empty(), CHANGE)).isFalse();
    }

    @Test
    void replacingWithTheSameIsNoFailure() {
        topics.create("p", "t", "{}", Optional.empty(), MOST, CHANGE);
        Topic topic = topics.find("p", "t").orElseThrow();

        assertThat(topics.replace(topic, "{}", Optional.empty(), CHANGE)).isTrue();
    }

    @Test
    void eventsAreDeletedWithTheirTopicAlone() {
        create("p", "t");
        create("p", "u");
        for (int i = 0; i < 3; i++) {
            queue(topics.find("p", "t").orElseThrow().id());
        }
        queue(topics.find("p", "u").orElseThrow().id());

        topics.delete("p", "t", CHANGE);
        topics.delete("p", "absent", CHANGE);

        assertThat(topics.find("p", "t")).isEmpty();
        assertThat(events()).isEqualTo(1);
    }

    @Test
    void eventsWithoutATopicAreDeleted() {
        create("p", "t");
        queue(topics.find("p", "t").orElseThrow().id());
        for (int i = 0; i < 5; i++) {
            queue(1_000_000 + i % 2);
        }

        assertThat(topics.deleteEventsWithoutTopic(2)).isTrue();
        assertThat(events()).isEqualTo(4);
        assertThat(topics.deleteEventsWithoutTopic(100)).isFalse();
        assertThat(events()).isEqualTo(1);
    }

    @Test
    void pagesFollowTheNames() {
        for (String name : List.of("b", "a", "c", "B")) {
            create("p", name);
        }
        create("q", "d");

        assertThat(topics.page("p", "", 2)).extracting(Topic::name).containsExactly("B", "a");
        assertThat(topics.page("p", "a", 10)).extracting(Topic::name).containsExactly("b", "c");
    }
}
