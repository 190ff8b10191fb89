package io.pataka.service.job;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.pataka.service.job.DueActions.Task;
import io.pataka.service.job.SweepCounts.Of;
import io.pataka.service.lifecycle.LifecycleAction.Transition;
import io.pataka.service.model.Bucket;
import io.pataka.service.model.ObjectKey;
import io.pataka.service.model.VersionId;
import io.pataka.service.objects.ObjectRemover;
import io.pataka.service.objects.StorageClassMover;
import io.pataka.service.operation.StoreTestBed;
import io.pataka.service.traffic.MemoryLog;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

final class LifecycleActionsTest {

    @TempDir
    private Path folder;

    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private final Logger logger = (Logger) LoggerFactory.getLogger(LifecycleActions.class);
    private final SweepCounts counts = new SweepCounts();
    private StoreTestBed bed;
    private Bucket bucket;

    @BeforeEach
    void open() throws IOException {
        bed = new StoreTestBed(folder, UnaryOperator.identity(), UnaryOperator.identity(), UnaryOperator.identity());
        bucket = bed.bucket("bucket");
        log.start();
        logger.addAppender(log);
    }

    @AfterEach
    void close() {
        logger.detachAppender(log);
        bed.close();
    }

    private Task move(int number, String storageClass) {
        ObjectKey key = ObjectKey.of("k" + number);
        VersionId id = bed.index.current(bucket, key).orElseThrow().id();
        return new Task(key, id, Optional.empty(), new Transition("rule", storageClass));
    }

    /** While the volumes of a class are full, all that is due fails. */
    @Test
    void movesThatFailOneAfterTheOtherAreLoggedOnce() {
        for (int i = 0; i < 3; i++) {
            bed.send("PUT", "/bucket/k" + i, Map.of(), "content".getBytes(UTF_8));
        }
        MemoryLog logged = new MemoryLog(bed.buckets);
        LifecycleActions actions = new LifecycleActions(
                bed.index,
                new ObjectRemover(bed.index, bed.retry),
                new StorageClassMover(bed.index, bed.moves, bed.copier, bed.retry),
                bed.uploads,
                counts,
                logged.log(),
                Clock.systemUTC());
        List<Task> withoutVolume =
                IntStream.range(0, 3).mapToObj(i -> move(i, "NOWHERE")).toList();

        assertThat(actions.perform(bucket, withoutVolume, Long.MAX_VALUE)).isEqualTo(3);
        assertThat(actions.perform(bucket, List.of(move(0, StoreTestBed.COLD)), Long.MAX_VALUE))
                .isEqualTo(1);

        assertThat(counts.get(Of.FAILED)).isEqualTo(3);
        assertThat(counts.get(Of.MOVED)).isEqualTo(1);
        assertThat(logged.lines()).containsExactly("S3.TRANSITION.OBJECT k0 null");
        assertThat(log.list)
                .filteredOn(event -> event.getLevel() == Level.WARN)
                .extracting(ILoggingEvent::getFormattedMessage)
                .singleElement()
                .asString()
                .contains("k0", "NOWHERE");
    }
}
