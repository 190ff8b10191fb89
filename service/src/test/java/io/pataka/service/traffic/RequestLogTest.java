package io.pataka.service.traffic;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pataka.service.logging.LoggedOperation;
import io.pataka.service.logging.StandardRecord;
import io.pataka.service.metadata.BucketCatalog.Creation;
import io.pataka.service.metadata.LogRecords;
import io.pataka.service.metadata.MetadataUnavailableException;
import io.pataka.service.model.Bucket;
import io.pataka.service.model.BucketName;
import io.pataka.service.model.ObjectKey;
import io.pataka.service.model.Owner;
import io.pataka.service.operation.MemoryBucketCatalog;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class RequestLogTest implements LogRules, LogRecords {

    private final MemoryBucketCatalog buckets = new MemoryBucketCatalog();
    private final Bucket bucket = ((Creation.Created)
                    buckets.create(new BucketName("source"), new Owner("p", "p"), false, 0, Map.of()))
            .bucket();
    private final RequestLog log = new RequestLog(buckets, this, this);

    private final List<String> stored = new ArrayList<>();
    private int batches;
    private int asked;
    private boolean admits = true;
    private boolean known;
    private boolean logged = true;
    private RuntimeException failure;

    @Override
    public Optional<LogTarget> target(Bucket source) {
        return logged
                ? Optional.of(new LogTarget(source, new BucketName("log"), "p/", Duration.ofSeconds(300)))
                : Optional.empty();
    }

    @Override
    public boolean isKnownToAdmit(LogTarget target) {
        return known;
    }

    @Override
    public boolean admits(LogTarget target) {
        asked++;
        return admits;
    }

    @Override
    public int add(List<LogLine> lines) {
        if (failure != null) {
            throw failure;
        }
        batches++;
        lines.forEach(line -> stored.add(new String(line.line(), US_ASCII).split(" ")[8]));
        return lines.size();
    }

    private StandardRecord record(String key) {
        return new StandardRecord(
                "p",
                bucket.name(),
                Instant.EPOCH,
                Optional.empty(),
                LoggedOperation.EXPIRE,
                Optional.of(ObjectKey.of(key)),
                OptionalLong.empty(),
                Optional.empty(),
                Optional.empty());
    }

    private void log(String... keys) {
        log.add(bucket, Arrays.stream(keys).map(this::record).toList());
    }

    @Test
    void storesNothingBeforeItIsTold() {
        log("a");

        assertThat(stored).isEmpty();
        assertThat(log.waiting()).isPositive();
    }

    @Test
    void storesLinesInTheirOrderInBatches() {
        for (int i = 0; i < 1200; i++) {
            log("k" + i);
        }

        log.drain();

        assertThat(stored).hasSize(1200).startsWith("k0", "k1", "k2").endsWith("k1198", "k1199");
        assertThat(batches).isEqualTo(3);
        assertThat(log.written()).isEqualTo(1200);
        assertThat(log.waiting()).isZero();
    }

    @Test
    void asksThePolicyOnceForEachBatch() {
        log("a", "b", "c");

        log.drain();

        assertThat(asked).isEqualTo(1);
    }

    @Test
    void dropsWhatTheTargetDoesNotAdmit() {
        admits = false;
        log("a", "b");

        log.drain();

        assertThat(stored).isEmpty();
        assertThat(log.dropped()).isEqualTo(2);
        assertThat(log.waiting()).isZero();
    }

    @Test
    void storesLinesFromBeforeThePolicyWasWithdrawn() {
        known = true;
        log("a");
        known = false;
        admits = false;
        log("b");

        log.drain();

        assertThat(stored).containsExactly("a");
        assertThat(log.dropped()).isEqualTo(1);
    }

    @Test
    void keepsLinesWhileTheDatabaseIsDown() {
        log("a");
        failure = new MetadataUnavailableException("down", null);
        log.write();
        assertThatThrownBy(log::drain).isInstanceOf(MetadataUnavailableException.class);
        log("b");
        failure = null;

        log.drain();

        assertThat(stored).containsExactly("a", "b");
        assertThat(log.dropped()).isZero();
    }

    @Test
    void dropsABatchThatCannotBeStored() {
        log("a");
        failure = new IllegalStateException("a line that no column holds");
        log.write();
        failure = null;
        log("b");

        log.drain();

        assertThat(stored).containsExactly("b");
        assertThat(log.dropped()).isEqualTo(1);
    }

    @Test
    void dropsLinesRatherThanMemory() {
        failure = new MetadataUnavailableException("down", null);
        String longKey = "k".repeat(1000);
        int lines = (int) (RequestLog.MOST_BYTES / 1000) + 100;
        for (int i = 0; i < lines; i++) {
            log(longKey);
        }

        assertThat(log.waiting()).isLessThanOrEqualTo(RequestLog.MOST_BYTES);
        assertThat(log.dropped()).isGreaterThan(100);

        failure = null;
        log.drain();
        assertThat(log.written() + log.dropped()).isEqualTo(lines);
    }

    @Test
    void logsByTheConfigurationAtTheBeginningOfARequest() {
        RequestLog.Entry entry = log.of(bucket).orElseThrow();
        logged = false;

        entry.end(List.of(record("the request that ends logging")));
        log.drain();

        assertThat(stored).containsExactly("the%20request%20that%20ends%20logging");
        assertThat(log.of(bucket)).isEmpty();
    }

    @Test
    void waitsForARequestThatIsSendingItsReply() throws InterruptedException {
        RequestLog.Entry entry = log.of(bucket).orElseThrow();
        entry.replying();
        Thread server = new Thread(() -> entry.end(List.of(record("a"))));
        Thread flush = new Thread(log::drain);
        flush.start();
        server.start();
        flush.join();
        server.join();

        log.drain();
        assertThat(stored).containsExactly("a");
    }
}
