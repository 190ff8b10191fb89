package io.pataka.service.access.cors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.clearInvocations;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.times;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import io.pataka.service.metadata.BucketCatalog;
import io.pataka.service.metadata.MetadataUnavailableException;
import io.pataka.service.model.Bucket;
import io.pataka.service.model.Bucket.Versioning;
import io.pataka.service.model.BucketName;
import io.pataka.service.model.DocumentKind;
import io.pataka.service.model.Owner;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BucketCorsTest {

    private static final BucketName NAME = new BucketName("photos");
    private static final Bucket BUCKET = new Bucket(
            7, NAME, new Owner("p", "project"), Instant.EPOCH, Versioning.OFF, false, Optional.empty(), false, 1);
    private static final CorsRequest FROM_A = new CorsRequest("https://a", "GET", List.of());
    private static final CorsRequest FROM_DASHBOARD = new CorsRequest("https://dash", "GET", List.of());

    private final BucketCatalog buckets = mock(BucketCatalog.class);
    private final BucketCors cors = new BucketCors(buckets, new CorsRules(List.of(rule("https://dash"))));

    private static CorsRule rule(String origin) {
        return new CorsRule(Optional.empty(), List.of("GET"), List.of(origin), List.of(), List.of(), Optional.empty());
    }

    private static String document(String origin) {
        return "<CORSConfiguration><CORSRule><AllowedMethod>GET</AllowedMethod><AllowedOrigin>" + origin
                + "</AllowedOrigin></CORSRule></CORSConfiguration>";
    }

    @BeforeEach
    void oneBucket() {
        when(buckets.find(NAME)).thenReturn(Optional.of(BUCKET));
        has(document("https://a"));
    }

    private void has(String document) {
        when(buckets.document(BUCKET, DocumentKind.CORS)).thenReturn(Optional.ofNullable(document));
    }

    private boolean allows(CorsRequest request) {
        return cors.judge(Optional.of(NAME), request).isPresent();
    }

    @Test
    void rulesOfTheBucketAndOfTheSiteBothAllow() {
        assertThat(allows(FROM_A)).isTrue();
        assertThat(allows(FROM_DASHBOARD)).isTrue();
        assertThat(allows(new CorsRequest("https://b", "GET", List.of()))).isFalse();
    }

    @Test
    void theSitesRuleHoldsWhereThereIsNoBucket() {
        BucketName missing = new BucketName("missing");

        assertThat(cors.judge(Optional.of(missing), FROM_DASHBOARD)).isPresent();
        assertThat(cors.judge(Optional.empty(), FROM_DASHBOARD)).isPresent();
        assertThat(cors.judge(Optional.of(missing), FROM_A)).isEmpty();
    }

    @Test
    void aRequestAsksTheCatalogOnce() {
        allows(FROM_A);

        verify(buckets, times(1)).find(NAME);
        verify(buckets, times(1)).document(BUCKET, DocumentKind.CORS);
        verify(buckets, never()).findFresh(any());
    }

    @Test
    void changedRulesCountAtOnce() {
        assertThat(allows(FROM_A)).isTrue();
        has(document("https://b"));
        assertThat(allows(FROM_A)).isFalse();
        has(null);
        assertThat(allows(new CorsRequest("https://b", "GET", List.of()))).isFalse();
    }

    @Test
    void theRulesThatWereReadLastHoldWhileTheDatabaseIsDown() {
        allows(FROM_A);
        when(buckets.find(NAME)).thenThrow(new MetadataUnavailableException("down", new IOException("down")));
        assertThat(allows(FROM_A)).isTrue();

        clearInvocations(buckets);
        assertThat(cors.judgeFromMemory(Optional.of(NAME), FROM_A)).isPresent();
        verify(buckets, never()).find(any());
    }

    @Test
    void damagedRulesAllowNoPage() {
        has("<CORSConfiguration>");
        assertThat(allows(FROM_A)).isFalse();
        assertThat(allows(FROM_DASHBOARD)).isTrue();
    }
}
