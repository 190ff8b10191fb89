package io.pataka.service.notification;

import io.pataka.service.model.Actor;
import io.pataka.service.model.Caller;
import io.pataka.service.model.ChangeContext;
import io.pataka.service.model.ChangeContext.Kind;
import io.pataka.service.model.ObjectChange;
import io.pataka.service.model.ObjectChange.Effect;
import io.pataka.service.model.ObjectKey;
import io.pataka.service.model.Owner;
import io.pataka.service.model.VersionId;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Changes for tests. */
final class ChangeSamples {

    static final VersionId VERSION = new VersionId(0x123456789AL, false);

    private static final Caller CALLER = new Caller(
            new Owner("project-1", "Project"),
            new Owner("user-1", "User"),
            "default",
            Set.of("member"),
            Optional.of("KEY"));

    private ChangeSamples() {}

    static ChangeContext request(Kind kind) {
        return new ChangeContext(new Actor.Requester(CALLER), Optional.of("REQUEST1"), Optional.of("192.0.2.7"), kind);
    }

    static ChangeContext job(Kind kind) {
        return new ChangeContext(new Actor.ServiceJob("lifecycle"), Optional.empty(), Optional.empty(), kind);
    }

    /** Of the key {@code k}, by a request. */
    static ObjectChange of(Kind kind, Effect effect) {
        return of(request(kind), effect, "k");
    }

    static ObjectChange of(ChangeContext context, Effect effect, String key) {
        return with(context, effect, ObjectKey.of(key), Map.of(), Map.of());
    }

    static ObjectChange with(
            ChangeContext context,
            Effect effect,
            ObjectKey key,
            Map<String, String> metadata,
            Map<String, String> tags) {
        return new ObjectChange(
                context, effect, key, VERSION, 7, "etag-1", new TreeMap<>(metadata), new TreeMap<>(tags));
    }
}
