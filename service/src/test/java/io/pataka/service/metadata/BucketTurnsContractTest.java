package io.pataka.service.metadata;

import static org.assertj.core.api.Assertions.assertThat;

import io.pataka.service.metadata.BucketTurns.Turn;
import io.pataka.service.model.Bucket;
import io.pataka.service.model.Bucket.Versioning;
import io.pataka.service.model.DocumentKind;
import io.pataka.service.testing.Changes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class BucketTurnsContractTest {

    private static final String JOB = "job";
    private static final Optional<DocumentKind> ALL = Optional.empty();
    private static final Duration HOUR = Duration.ofHours(1);

    private MetadataTestBed bed;
    private BucketTurns turns;
    private Bucket first;
    private Bucket second;

    @BeforeEach
    void open() {
        bed = new MetadataTestBed();
        turns = new MariaDbBucketTurns(bed.database);
        first = bed.bucket(Versioning.OFF);
        second = bed.bucket(Versioning.OFF);
    }

    @AfterEach
    void close() {
        bed.close();
    }

    private Optional<Long> take(String holder) {
        return turns.take(JOB, ALL, 0, holder, HOUR).map(Turn::bucketId);
    }

    @Test
    void twoProcessesNeverHaveTheSameBucket() {
        assertThat(take("a")).contains(first.id());
        assertThat(take("b")).contains(second.id());
        assertThat(take("c")).isEmpty();
    }

    @Test
    void aProcessMayTakeItsOwnTurnAgain() {
        assertThat(take("a")).contains(first.id());
        assertThat(take("a")).contains(first.id());
    }

    @Test
    void eachJobHasTurnsOfItsOwn() {
        take("a");
        assertThat(turns.take("another", ALL, 0, "b", HOUR).map(Turn::bucketId)).contains(first.id());
    }

    @Test
    void bucketsAreTakenInTheOrderOfTheirIds() {
        List<Long> taken = new ArrayList<>();
        long after = 0;
        for (Optional<Turn> turn = turns.take(JOB, ALL, after, "a", HOUR);
                turn.isPresent();
                turn = turns.take(JOB, ALL, after, "a", HOUR)) {
            after = turn.get().bucketId();
            taken.add(after);
        }
        assertThat(taken).containsExactly(first.id(), second.id());
    }

    @Test
    void aJobMayAskForTheBucketsThatHaveADocumentOfAKind() {
        Bucket third = bed.bucket(Versioning.OFF);
        bed.buckets.putDocument(first, DocumentKind.POLICY, "{}", Changes.any());
        bed.buckets.putDocument(second, DocumentKind.CORS, "{}", Changes.any());
        bed.buckets.putDocument(third, DocumentKind.CORS, "{}", Changes.any());
        Optional<DocumentKind> cors = Optional.of(DocumentKind.CORS);

        assertThat(turns.take(JOB, cors, 0, "a", HOUR).map(Turn::bucketId)).contains(second.id());
        assertThat(turns.take(JOB, cors, second.id(), "a", HOUR).map(Turn::bucketId))
                .contains(third.id());
        assertThat(turns.take(JOB, cors, third.id(), "a", HOUR)).isEmpty();
    }

    @Test
    void aTurnThatIsLeftGoesOnWhereItWas() {
        turns.leave(turns.take(JOB, ALL, 0, "a", HOUR).orElseThrow(), "half way");
        assertThat(turns.take(JOB, ALL, 0, "b", HOUR))
                .contains(new Turn(JOB, first.id(), "b", Optional.of("half way")));
    }

    @Test
    void aFinishedBucketIsDueAgainAfterTheInterval() {
        turns.leave(turns.take(JOB, ALL, 0, "a", HOUR).orElseThrow(), "half way");
        turns.finish(turns.take(JOB, ALL, 0, "a", HOUR).orElseThrow(), HOUR);
        assertThat(take("a")).contains(second.id());

        turns.finish(turns.take(JOB, ALL, 0, "a", HOUR).orElseThrow(), Duration.ZERO);
        assertThat(turns.take(JOB, ALL, 0, "b", HOUR)).contains(new Turn(JOB, second.id(), "b", Optional.empty()));
    }

    @Test
    void aTurnThatRanOutIsTakenOverAndItsFirstHolderChangesNothingMore() {
        Turn late = turns.take(JOB, ALL, 0, "a", Duration.ZERO).orElseThrow();
        Turn taken = turns.take(JOB, ALL, 0, "b", HOUR).orElseThrow();
        assertThat(taken.bucketId()).isEqualTo(first.id());

        turns.leave(late, "late");
        turns.finish(late, HOUR);

        turns.leave(taken, "b's");
        assertThat(turns.take(JOB, ALL, 0, "c", HOUR)).contains(new Turn(JOB, first.id(), "c", Optional.of("b's")));
    }

    @Test
    void turnsAreDeletedWithTheirBucket() {
        take("a");
        bed.buckets.delete(first, Changes.any());
        assertThat(bed.count("SELECT COUNT(*) FROM bucket_turn")).isZero();
        assertThat(take("b")).contains(second.id());
    }

    @Test
    void aBucketLagsFromWhenItWasDueUntilItsRoundIsComplete() {
        bed.buckets.putDocument(first, DocumentKind.CORS, "{}", Changes.any());
        assertThat(turns.lag(JOB, DocumentKind.CORS)).isEmpty();

        Turn turn = turns.take(JOB, ALL, 0, "a", HOUR).orElseThrow();
        bed.database.write(handle -> handle.execute("UPDATE bucket_turn SET due_at = due_at - 3600000000"));
        assertThat(turns.lag(JOB, DocumentKind.CORS).orElseThrow()).isBetween(HOUR, HOUR.plusMinutes(10));
        turns.leave(turn, "half way");
        assertThat(turns.lag(JOB, DocumentKind.CORS)).isPresent();
        assertThat(turns.lag(JOB, DocumentKind.POLICY)).isEmpty();
        assertThat(turns.lag("another", DocumentKind.CORS)).isEmpty();

        turns.finish(turns.take(JOB, ALL, 0, "a", HOUR).orElseThrow(), HOUR);
        assertThat(turns.lag(JOB, DocumentKind.CORS)).isEmpty();
    }
}
