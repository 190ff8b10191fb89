package io.pataka.service.testing;

import io.pataka.service.model.Actor;
import io.pataka.service.model.Caller;
import io.pataka.service.model.ChangeContext;
import io.pataka.service.model.Owner;
import java.util.Optional;
import java.util.Set;

/** Changes without a permit, for tests of what stores them. */
public final class Changes {

    private Changes() {}

    /** For a test to which it does not matter who makes the change. */
    public static ChangeContext any() {
        return by(new Owner("tester", "Tester"));
    }

    /** A change that a caller of a project makes. */
    public static ChangeContext by(Owner project) {
        Caller caller = new Caller(project, project, "default", Set.of("member"), Optional.of("KEY"));
        return new ChangeContext(
                new Actor.Requester(caller), Optional.of("REQUEST"), Optional.of("192.0.2.1"), ChangeContext.Kind.PUT);
    }
}
