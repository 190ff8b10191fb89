package io.pataka.service.notification;

import static org.assertj.core.api.Assertions.assertThat;

import io.pataka.service.model.ChangeContext.Kind;
import io.pataka.service.model.ObjectChange.Effect;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class EventNameTest {

    private record Change(Kind kind, Effect effect) {}

    /** All changes that are events. Every other one is none. */
    private static final Map<Change, List<String>> EVENTS = new HashMap<>();

    static {
        event(Kind.PUT, Effect.CREATED, "ObjectCreated:Put");
        event(Kind.POST, Effect.CREATED, "ObjectCreated:Post");
        event(Kind.COPY, Effect.CREATED, "ObjectCreated:Copy");
        event(Kind.COMPLETE_MULTIPART_UPLOAD, Effect.CREATED, "ObjectCreated:CompleteMultipartUpload");
        event(Kind.APPEND, Effect.CREATED, "ObjectCreated:Put");
        event(Kind.RENAME, Effect.CREATED, "ObjectCreated:Copy");
        for (Effect effect : List.of(Effect.CHANGED, Effect.CHANGED_NONCURRENT)) {
            event(Kind.PUT_TAGGING, effect, "ObjectTagging:Put");
            event(Kind.DELETE_TAGGING, effect, "ObjectTagging:Delete");
            event(Kind.PUT_ACL, effect, "ObjectAcl:Put");
        }
        Kind transition = Kind.LIFECYCLE_TRANSITION;
        event(transition, Effect.CHANGED, "LifecycleTransition", "ObjectLifecycle:Transition:Current");
        event(transition, Effect.CHANGED_NONCURRENT, "LifecycleTransition", "ObjectLifecycle:Transition:NonCurrent");
        // Whatever a request does, a version that it removes is an event.
        for (Kind kind : Kind.values()) {
            if (kind != Kind.LIFECYCLE_EXPIRATION) {
                event(kind, Effect.REMOVED_CURRENT, "ObjectRemoved:Delete");
                event(kind, Effect.REMOVED_NONCURRENT, "ObjectRemoved:Delete");
                event(kind, Effect.REMOVED_MARKER, "ObjectRemoved:Delete");
                event(kind, Effect.MARKED, "ObjectRemoved:DeleteMarkerCreated");
            }
        }
        Kind expiration = Kind.LIFECYCLE_EXPIRATION;
        event(expiration, Effect.REMOVED_CURRENT, "LifecycleExpiration:Delete", "ObjectLifecycle:Expiration:Current");
        event(
                expiration,
                Effect.REMOVED_NONCURRENT,
                "LifecycleExpiration:Delete",
                "ObjectLifecycle:Expiration:NonCurrent");
        event(
                expiration,
                Effect.REMOVED_MARKER,
                "LifecycleExpiration:Delete",
                "ObjectLifecycle:Expiration:DeleteMarker");
        event(
                expiration,
                Effect.MARKED,
                "LifecycleExpiration:DeleteMarkerCreated",
                "ObjectLifecycle:Expiration:Current");
        event(expiration, Effect.UPLOAD_ABORTED, "ObjectLifecycle:Expiration:AbortMultipartUpload");
    }

    private static void event(Kind kind, Effect effect, String... names) {
        EVENTS.put(new Change(kind, effect), List.of(names));
    }

    static Stream<Arguments> everyChange() {
        return Arrays.stream(Kind.values())
                .flatMap(kind -> Arrays.stream(Effect.values()).map(effect -> Arguments.of(kind, effect)));
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("everyChange")
    void aChangeHasItsNames(Kind kind, Effect effect) {
        List<String> names = EventName.of(ChangeSamples.of(kind, effect)).stream()
                .map(EventName::text)
                .toList();

        assertThat(names).isEqualTo(EVENTS.getOrDefault(new Change(kind, effect), List.of()));
    }

    @ParameterizedTest
    @CsvSource({
        "s3:ObjectCreated:*, CREATED_BY_PUT, true",
        "s3:ObjectCreated:*, CREATED_BY_COMPLETION, true",
        "s3:ObjectCreated:*, REMOVED, false",
        "s3:ObjectCreated:Put, CREATED_BY_PUT, true",
        "s3:ObjectCreated:Put, CREATED_BY_POST, false",
        "s3:LifecycleExpiration:*, EXPIRED_BY_MARKER, true",
        "s3:LifecycleExpiration:Delete, EXPIRED_BY_MARKER, false",
        "s3:ObjectLifecycle:Expiration:*, CEPH_EXPIRED_MARKER, true",
        "s3:ObjectLifecycle:Expiration:*, EXPIRED, false",
        "s3:ObjectLifecycle:*, CEPH_EXPIRED_UPLOAD, true",
        "s3:LifecycleTransition, TRANSITION, true"
    })
    void aPatternNamesOneEventOrAGroup(String pattern, EventName name, boolean matches) {
        assertThat(EventPattern.parse(pattern).orElseThrow().matches(name)).isEqualTo(matches);
    }

    @ParameterizedTest
    @CsvSource({
        "s3:*",
        "*",
        "ObjectCreated:Put",
        "s3:ObjectCreated",
        "s3:ObjectCreated:",
        "s3:ObjectCreated:P*",
        "s3:ObjectCreated:Put:*",
        "s3:ObjectCreated:put",
        "s3:Object:*",
        "s3:ObjectCreated:*:*",
        "s3:TestEvent",
        "s3::*",
        "''"
    })
    void aTextThatNamesNoEventIsNoPattern(String text) {
        assertThat(EventPattern.parse(text)).isEmpty();
    }
}
