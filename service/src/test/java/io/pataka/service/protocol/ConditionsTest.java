package io.pataka.service.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pataka.service.model.ETag;
import io.pataka.service.protocol.Conditions.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The times in a reader's conditions, compared with the clock. */
class ConditionsTest {

    private static final Instant MODIFIED = Instant.parse("2025-06-07T08:09:10.123Z");
    private static final Instant NOW = Instant.parse("2025-06-07T09:00:00Z");
    private static final ETag ETAG = new ETag("abc");

    private static Verdict judge(String header, Instant time, Instant now) {
        RequestHeaders headers = RequestHeaders.of(Map.of(header, S3Time.header(time)));
        return Conditions.of(headers, now).judge(ETAG, MODIFIED);
    }

    @Test
    void anObjectThatWasNotModifiedSinceThenIsNotSent() {
        assertThat(judge("if-modified-since", NOW, NOW)).isEqualTo(Verdict.NOT_MODIFIED);
        assertThat(judge("if-modified-since", MODIFIED, NOW)).isEqualTo(Verdict.NOT_MODIFIED);
        assertThat(judge("if-modified-since", MODIFIED.minusSeconds(1), NOW)).isEqualTo(Verdict.SEND);
    }

    @Test
    void aFutureTimeIsIgnored() {
        assertThat(judge("if-modified-since", NOW.plusSeconds(1), NOW)).isEqualTo(Verdict.SEND);
        RequestHeaders ofCopy = RequestHeaders.of(
                Map.of("x-amz-copy-source-if-modified-since", S3Time.header(NOW.plus(Duration.ofDays(1)))));
        assertThat(Conditions.ofCopySource(ofCopy, NOW).judge(ETAG, MODIFIED)).isEqualTo(Verdict.SEND);
        RequestHeaders ofRenaming = RequestHeaders.of(
                Map.of("x-amz-rename-source-if-modified-since", S3Time.header(NOW.plus(Duration.ofDays(1)))));
        assertThat(Conditions.ofRenameSource(ofRenaming, NOW).judge(ETAG, MODIFIED))
                .isEqualTo(Verdict.SEND);
    }

    @Test
    void theTimeOfTheObjectCountsWhereThisClockIsBehind() {
        assertThat(judge("if-modified-since", MODIFIED, MODIFIED.minusSeconds(5)))
                .isEqualTo(Verdict.NOT_MODIFIED);
    }

    @Test
    void anObjectUnmodifiedSinceAFutureTimeIsSent() {
        assertThat(judge("if-unmodified-since", NOW.plus(Duration.ofDays(1)), NOW))
                .isEqualTo(Verdict.SEND);
        assertThatThrownBy(() -> judge("if-unmodified-since", MODIFIED.minusSeconds(1), NOW))
                .isInstanceOfSatisfying(
                        S3Exception.class,
                        refused -> assertThat(refused.error()).isEqualTo(S3Error.PRECONDITION_FAILED));
    }
}
