package io.pataka.service.metadata;

import io.pataka.service.metadata.row.VersionRow.Held;
import io.pataka.service.model.WriteCondition;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
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
        if (condition instanceof WriteCondition.Resembles resembles) {
            return version.map(held -> resembles(resembles, held)).orElse(NOTHING_TO_MATCH);
        }
        if (condition instanceof WriteCondition.Judged judged) {
            return version.filter(held -> held.id().equals(judged.version())).isPresent() ? HOLDS : UNMET;
        }
        return HOLDS;
    }

    /** Of a version that is there, be it a delete marker. */
    private static Judgement resembles(WriteCondition.Resembles condition, Held held) {
        boolean sameSize = condition.size().isEmpty() || condition.size().getAsLong() == held.size();
        Instant second = held.lastModified().truncatedTo(ChronoUnit.SECONDS);
        boolean sameTime = condition.lastModified().map(second::equals).orElse(true);
        return sameSize && sameTime && of(condition.tag(), Optional.of(held)) == HOLDS ? HOLDS : UNMET;
    }
}
