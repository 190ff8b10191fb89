package io.pataka.service.operation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import io.pataka.service.metadata.BucketCatalog;
import io.pataka.service.metadata.MetadataUnavailableException;
import io.pataka.service.model.Bucket;
import io.pataka.service.model.Bucket.Versioning;
import io.pataka.service.model.BucketName;
import io.pataka.service.model.DocumentKind;
import io.pataka.service.model.ObjectKey;
import io.pataka.service.model.Owner;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Headers about lifecycle rules when the rules cannot be read: the write that they belong to has taken place. */
class LifecycleHeadersTest {

    private static final Instant NOW = Instant.parse("2026-11-28T08:11:00Z");
    private static final String RULES = "<LifecycleConfiguration><Rule><ID>r</ID><Filter/><Status>Enabled</Status>"
            + "<Expiration><Days>1</Days></Expiration></Rule></LifecycleConfiguration>";

    private final BucketCatalog buckets = mock(BucketCatalog.class);
    private final LifecycleHeaders headers = new LifecycleHeaders(buckets);
    private final Bucket bucket = new Bucket(
            1,
            new BucketName("photos"),
            new Owner("project-1", "demo"),
            NOW,
            Versioning.OFF,
            false,
            Optional.empty(),
            false,
            0);

    private Map<String, String> ofObject() {
        return headers.ofObject(bucket, ObjectKey.of("k"), 1, Map.of(), NOW);
    }

    @Test
    void areMissingWhileTheDatabaseDoesNotAnswer() {
        when(buckets.document(bucket, DocumentKind.LIFECYCLE))
                .thenReturn(Optional.of(RULES))
                .thenThrow(new MetadataUnavailableException("no answer", null))
                .thenReturn(Optional.of(RULES));
        assertThat(ofObject())
                .containsEntry("x-amz-expiration", "expiry-date=\"Mon, 30 Nov 2026 00:00:00 GMT\", rule-id=\"r\"");
        assertThat(ofObject()).isEmpty();
        assertThat(ofObject()).isNotEmpty();
    }

    @Test
    void areMissingWhereTheStoredRulesAreDamaged() {
        when(buckets.document(bucket, DocumentKind.LIFECYCLE))
                .thenReturn(Optional.of("damaged"))
                .thenReturn(Optional.of(RULES));
        assertThat(ofObject()).isEmpty();
        assertThat(ofObject()).isNotEmpty();
    }

    @Test
    void followAChangeOfTheRules() {
        when(buckets.document(bucket, DocumentKind.LIFECYCLE))
                .thenReturn(Optional.of(RULES))
                .thenReturn(Optional.of(RULES.replace("Enabled", "Disabled")))
                .thenReturn(Optional.empty());
        assertThat(ofObject()).isNotEmpty();
        assertThat(ofObject()).isEmpty();
        assertThat(ofObject()).isEmpty();
    }
}
