package io.pataka.service.logging;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.pataka.service.model.Actor;
import io.pataka.service.model.Bucket;
import io.pataka.service.model.Bucket.Versioning;
import io.pataka.service.model.BucketName;
import io.pataka.service.model.ChangeContext;
import io.pataka.service.model.ChangeContext.Kind;
import io.pataka.service.model.ObjectChange;
import io.pataka.service.model.ObjectChange.Effect;
import io.pataka.service.model.ObjectKey;
import io.pataka.service.model.Owner;
import io.pataka.service.model.VersionId;
import io.pataka.service.protocol.KeyFilter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BucketJournalTest {

    private static final Instant TIME = Instant.parse("2026-11-28T23:05:09.999Z");

    private static BucketJournal journal(Versioning versioning, KeyFilter filter) {
        LoggingConfiguration configuration = new LoggingConfiguration(
                new BucketName("logs"),
                "log/",
                LogKeyFormat.SIMPLE,
                LoggingConfiguration.Type.JOURNAL,
                Duration.ofMinutes(5),
                0,
                filter);
        Bucket bucket = new Bucket(
                1,
                new BucketName("source"),
                new Owner("project", "Project"),
                TIME,
                versioning,
                false,
                Optional.empty(),
                true,
                0);
        return new BucketJournal(configuration, bucket);
    }

    private static ObjectChange change(Kind kind, Effect effect, byte[] key, long size, boolean isNull) {
        return new ObjectChange(
                new ChangeContext(new Actor.ServiceJob("test"), Optional.empty(), Optional.empty(), kind),
                effect,
                ObjectKey.of(key),
                new VersionId(36 * 36, isNull),
                size,
                size == 0 ? "" : "9e107d9d372bb6826bd81d3542a419d6",
                Collections.emptySortedMap(),
                Collections.emptySortedMap());
    }

    private static ObjectChange put(String key) {
        return change(Kind.PUT, Effect.CREATED, key.getBytes(StandardCharsets.UTF_8), 1, false);
    }

    private static Optional<String> line(Versioning versioning, ObjectChange change) {
        return journal(versioning, KeyFilter.ALL).line(change, TIME).map(line -> new String(line, US_ASCII));
    }

    @Test
    void aLineHasEightFieldsInTheOrderOfCephsTests() {
        ObjectChange put = change(Kind.PUT, Effect.CREATED, "a/b c".getBytes(US_ASCII), 43, false);
        assertThat(line(Versioning.ENABLED, put))
                .contains("project source [28/Nov/2026:23:05:09 +0000] REST.PUT.OBJECT a/b%20c 43 100"
                        + " 9e107d9d372bb6826bd81d3542a419d6");
        assertThat(line(Versioning.SUSPENDED, change(Kind.PUT, Effect.CREATED, new byte[] {'k'}, 1, true)))
                .contains("project source [28/Nov/2026:23:05:09 +0000] REST.PUT.OBJECT k 1 null"
                        + " 9e107d9d372bb6826bd81d3542a419d6");
        assertThat(line(Versioning.OFF, change(Kind.DELETE, Effect.REMOVED_CURRENT, new byte[] {'k'}, 0, true)))
                .contains("project source [28/Nov/2026:23:05:09 +0000] REST.DELETE.OBJECT k - - -");
    }

    /** What is not listed is in no journal. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        CREATED | PUT=REST.PUT.OBJECT APPEND=REST.PUT.OBJECT COPY=REST.PUT.OBJECT RENAME=REST.PUT.OBJECT POST=REST.POST.OBJECT COMPLETE_MULTIPART_UPLOAD=REST.POST.UPLOAD
        CHANGED | PUT_TAGGING=REST.PUT.OBJECT_TAGGING DELETE_TAGGING=REST.DELETE.OBJECT_TAGGING PUT_ACL=REST.PUT.ACL PUT_RETENTION=REST.PUT.RETENTION PUT_LEGAL_HOLD=REST.PUT.LEGAL_HOLD
        CHANGED_NONCURRENT | PUT_TAGGING=REST.PUT.OBJECT_TAGGING DELETE_TAGGING=REST.DELETE.OBJECT_TAGGING PUT_ACL=REST.PUT.ACL PUT_RETENTION=REST.PUT.RETENTION PUT_LEGAL_HOLD=REST.PUT.LEGAL_HOLD
        REMOVED_CURRENT | DELETE=REST.DELETE.OBJECT DELETE_OBJECTS=REST.POST.DELETE_MULTI_OBJECT RENAME=REST.DELETE.OBJECT LIFECYCLE_EXPIRATION=S3.EXPIRE.OBJECT
        REMOVED_NONCURRENT | DELETE=REST.DELETE.OBJECT DELETE_OBJECTS=REST.POST.DELETE_MULTI_OBJECT LIFECYCLE_EXPIRATION=S3.EXPIRE.OBJECT
        REMOVED_MARKER | DELETE=REST.DELETE.OBJECT DELETE_OBJECTS=REST.POST.DELETE_MULTI_OBJECT LIFECYCLE_EXPIRATION=S3.EXPIRE.OBJECT
        MARKED | DELETE=REST.DELETE.OBJECT DELETE_OBJECTS=REST.POST.DELETE_MULTI_OBJECT RENAME=REST.DELETE.OBJECT LIFECYCLE_EXPIRATION=S3.CREATE.DELETEMARKER
        UPLOAD_BEGUN | ''
        UPLOAD_ABORTED | ''
        """)
    void eachChangeHasItsOperation(Effect effect, String expected) {
        Map<Kind, String> named = new HashMap<>();
        Arrays.stream(expected.split(" "))
                .filter(word -> !word.isEmpty())
                .map(word -> word.split("="))
                .forEach(word -> named.put(Kind.valueOf(word[0]), word[1]));
        boolean isRemoval = effect.name().startsWith("REMOVED") || effect == Effect.MARKED;
        for (Kind kind : isRemoval ? named.keySet() : EnumSet.allOf(Kind.class)) {
            Optional<String> operation = line(Versioning.OFF, change(kind, effect, new byte[] {'k'}, 1, true))
                    .map(line -> line.split(" ")[4]);
            assertThat(operation).as(kind + " " + effect).isEqualTo(Optional.ofNullable(named.get(kind)));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\nb", "a\r\nproject other [", "a b\"c]", "\u0001", "ü", "a%0Ab", "a\\b", "a+b"})
    void noKeyCanBreakALine(String key) {
        String line = line(Versioning.OFF, put(key)).orElseThrow();
        assertThat(line.split(" ")).hasSize(9);
        assertThat(line).matches("[ -~]*").doesNotContain("\"").doesNotContain("\\");
    }

    @Test
    void keysAreWrittenByteByByte() {
        ObjectChange put = change(Kind.PUT, Effect.CREATED, new byte[] {(byte) 0xFF, '/', '%'}, 1, false);
        assertThat(line(Versioning.OFF, put).orElseThrow()).contains(" %FF/%25 ");
    }

    @Test
    void aFilterSelectsKeys() {
        BucketJournal journal =
                journal(Versioning.OFF, new KeyFilter(Optional.of("a/"), Optional.empty(), Optional.empty()));
        assertThat(journal.line(put("a/b"), TIME)).isPresent();
        assertThat(journal.line(put("b/a/"), TIME)).isEmpty();
    }
}
