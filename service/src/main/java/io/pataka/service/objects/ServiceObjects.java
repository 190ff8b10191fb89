package io.pataka.service.objects;

import io.pataka.service.content.ContentRefusedException;
import io.pataka.service.content.Contents;
import io.pataka.service.content.IntakePlan;
import io.pataka.service.content.PendingContent;
import io.pataka.service.metadata.ObjectIndex.Publication;
import io.pataka.service.model.ObjectFacts;
import io.pataka.service.model.WriteCondition;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** Writes objects whose bytes the service makes itself. */
public final class ServiceObjects {

    private final Contents contents;
    private final ObjectWriter writer;

    public ServiceObjects(Contents contents, ObjectWriter writer) {
        this.contents = Objects.requireNonNull(contents);
        this.writer = Objects.requireNonNull(writer);
    }

    /**
     * Reads the bytes to their end, makes them durable and publishes them.
     *
     * @param bytes of the object; the caller closes them
     * @throws IOException when the bytes cannot be read, or the stores fail; nothing is published
     */
    public Publication put(Target target, ObjectFacts facts, InputStream bytes, WriteCondition condition)
            throws IOException {
        IntakePlan plan = new IntakePlan(
                target.bucket().id(),
                target.key(),
                facts.placement(),
                OptionalLong.empty(),
                Long.MAX_VALUE,
                Optional.empty(),
                Set.of(),
                List::of);
        try (PendingContent content = contents.receive(bytes, plan)) {
            return writer.put(target, content, facts, condition);
        } catch (ContentRefusedException impossible) {
            throw new IllegalStateException("nothing was announced that the bytes could differ from", impossible);
        }
    }
}
