package io.pataka.service.metadata;

import io.pataka.service.metadata.row.VersionRow.Held;
import io.pataka.service.model.WriteCondition;
import java.util.Optional;

/** Whether a condition holds of a version that is locked. A delete marker counts as no object. */
enum Judgement {
    HOLDS,
    UNMET,
    NOTHING_TO_MATCH;

    static Judgement of(WriteCondition condition, Optional<Held> version) {
        Optional<Held> object = version.filter(held -> !held.deleteMarker());
        if (condition instanceof WriteCondition.Absent) {
            return object.isEmpty() ? HOLDS : UNMET;
        }
        if (condition instanceof WriteCondition.Present) {
            return object.isPresent() ? HOLDS : NOTHING_TO_MATCH;
        }
        if (condition instanceof WriteCondition.Matches matches) {
            return object.map(held -> matches.etags().contains(held.etag()) ? HOLDS : UNMET)
                    .orElse(NOTHING_TO_MATCH);
        }
        if (condition instanceof WriteCondition.Differs differs) {
            return object.filter(held -> differs.etags().contains(held.etag())).isEmpty() ? HOLDS : UNMET;
        }
        return HOLDS;
    }
}
