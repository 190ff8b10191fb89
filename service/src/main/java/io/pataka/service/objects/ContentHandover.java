package io.pataka.service.objects;

import io.pataka.service.content.PendingBlob;
import io.pataka.service.metadata.JournalRefusedException;
import io.pataka.service.metadata.MetadataUnavailableException;
import io.pataka.service.metadata.Outcome;
import java.util.List;
import java.util.function.Supplier;

/**
 * Makes the change that lets a row name pending content, and decides whether the content is kept. This is the only class that keeps
 * content.
 *
 * <p>Content is given up only when it is known that no row names it: the change was refused, or the database was not reached. After
 * every other failure (a row that cannot be read, an error of the Java machine, a connection lost at the commit, an SQL state that
 * is not known here) the change may have been committed, and the content is kept. If no row names it, the orphan sweeper removes it
 * later.
 */
public final class ContentHandover {

    private ContentHandover() {}

    /**
     * @param content the caller closes it, which deletes what was not kept
     * @param change returns after the row is committed, or was refused
     */
    public static <T extends Outcome> T write(PendingBlob content, Supplier<T> change) {
        return write(List.of(content), change);
    }

    /** As {@link #write(PendingBlob, Supplier)}, of several blobs that are named together. */
    static <T extends Outcome> T write(List<PendingBlob> contents, Supplier<T> change) {
        boolean mayBeNamed = true;
        try {
            T outcome = change.get();
            mayBeNamed = outcome.refusal().isEmpty();
            return outcome;
        } catch (MetadataUnavailableException failure) {
            mayBeNamed = failure.isOutcomeUnknown();
            throw failure;
        } catch (JournalRefusedException refused) {
            mayBeNamed = false;
            throw refused;
        } finally {
            if (mayBeNamed) {
                contents.forEach(PendingBlob::keep);
            }
        }
    }
}
