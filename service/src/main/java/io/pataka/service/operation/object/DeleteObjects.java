package io.pataka.service.operation.object;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.pataka.service.access.AdmittedCall;
import io.pataka.service.access.NamedObject;
import io.pataka.service.metadata.ObjectIndex.Removal;
import io.pataka.service.metadata.ObjectIndex.RemovalRequest;
import io.pataka.service.metadata.ObjectIndex.VersionSelector;
import io.pataka.service.model.ChangeContext.Kind;
import io.pataka.service.model.ObjectKey;
import io.pataka.service.model.VersionId;
import io.pataka.service.model.WriteCondition;
import io.pataka.service.objects.ObjectRemover;
import io.pataka.service.operation.Operation;
import io.pataka.service.operation.Refusals;
import io.pataka.service.operation.RequestDocument;
import io.pataka.service.protocol.KeyOutcome;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import io.pataka.service.protocol.S3Response;
import io.pataka.service.protocol.WriteConditions;
import io.pataka.service.protocol.xml.XmlElement;
import io.pataka.service.protocol.xml.XmlWriter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/**
 * Deletes up to 1,000 keys and versions, each with an outcome of its own.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html">AWS: DeleteObjects</a>
 */
final class DeleteObjects implements Operation {

    private static final int MAX_DOCUMENT = 2 << 20;
    private static final int MAX_KEYS = 1000;
    private static final String[] OF_OBJECT = {"Key", "VersionId", "ETag", "Size", "LastModifiedTime"};

    private final ObjectRemover remover;

    DeleteObjects(ObjectRemover remover) {
        this.remover = remover;
    }

    @Override
    public S3Response perform(AdmittedCall call) throws IOException {
        XmlElement document = XmlElement.parse(
                        RequestDocument.read(call.request(), MAX_DOCUMENT, RequestDocument.Digest.REQUIRED), "Delete")
                .only("Quiet", "Object")
                .once("Quiet");
        boolean quiet = document.textOf("Quiet")
                .map(String::trim)
                .filter("true"::equalsIgnoreCase)
                .isPresent();
        List<Line> lines = lines(call, document.all("Object"));
        List<RemovalRequest> requests =
                lines.stream().flatMap(line -> line.request().stream()).toList();
        List<Removal> outcomes = requests.isEmpty()
                ? List.of()
                : remover.removeAll(call.bucket(), requests, call.permit(), Kind.DELETE_OBJECTS);
        List<KeyOutcome> logged = new ArrayList<>(lines.size());
        return S3Response.xml(report(call, lines, outcomes, quiet, logged)).keys(logged);
    }

    /** What the client wrote of a key, and what is to be done about it: a removal, or a refusal. */
    private record Line(
            String key, Optional<String> versionId, Optional<RemovalRequest> request, Optional<S3Exception> refusal) {

        /** Empty if no key has the name: it is too long. */
        Optional<ObjectKey> objectKey() {
            byte[] bytes = key.getBytes(UTF_8);
            return bytes.length > ObjectKey.MAX_LENGTH ? Optional.empty() : Optional.of(ObjectKey.of(bytes));
        }

        Line bypassing(boolean governance) {
            return new Line(
                    key,
                    versionId,
                    request.map(removal ->
                            new RemovalRequest(removal.key(), removal.version(), removal.condition(), governance)),
                    refusal);
        }

        Line unless(Optional<S3Exception> refused) {
            return refused.isPresent() ? new Line(key, versionId, Optional.empty(), refused) : this;
        }
    }

    private static List<Line> lines(AdmittedCall call, List<XmlElement> objects) {
        if (objects.isEmpty() || objects.size() > MAX_KEYS) {
            throw new S3Exception(S3Error.MALFORMED_XML);
        }
        List<Line> lines = new ArrayList<>(objects.size());
        for (XmlElement object : objects) {
            object.only(OF_OBJECT).once(OF_OBJECT);
            String key = object.requiredText("Key");
            if (key.isEmpty()) {
                throw new S3Exception(S3Error.MALFORMED_XML);
            }
            Optional<String> versionId = object.textOf("VersionId").filter(text -> !text.isEmpty());
            lines.add(line(object, key, versionId));
        }
        return allowed(call, lines);
    }

    /** Refuses what the caller may not delete, and says where it may pass over a retention in governance mode. */
    private static List<Line> allowed(AdmittedCall call, List<Line> lines) {
        List<NamedObject> objects = lines.stream()
                .flatMap(line ->
                        line.request().stream().map(request -> new NamedObject(request.key(), line.versionId())))
                .toList();
        Iterator<Optional<S3Exception>> refusals =
                call.refusals(call.request().operation().access(), objects).iterator();
        Iterator<Boolean> bypasses = call.bypassesGovernance(objects).iterator();
        return lines.stream()
                .map(line -> line.request().isPresent()
                        ? line.bypassing(bypasses.next()).unless(refusals.next())
                        : line)
                .toList();
    }

    private static Line line(XmlElement object, String key, Optional<String> versionId) {
        try {
            return new Line(key, versionId, Optional.of(request(object, key, versionId)), Optional.empty());
        } catch (S3Exception refusal) {
            return new Line(key, versionId, Optional.empty(), Optional.of(refusal));
        }
    }

    private static RemovalRequest request(XmlElement object, String key, Optional<String> versionId) {
        byte[] bytes = key.getBytes(UTF_8);
        if (bytes.length > ObjectKey.MAX_LENGTH) {
            throw new S3Exception(S3Error.KEY_TOO_LONG);
        }
        Optional<VersionSelector> version = versionId.map(
                text -> VersionSelector.named(text).orElseThrow(() -> new S3Exception(S3Error.NO_SUCH_VERSION)));
        WriteCondition tag = object.textOf("ETag")
                .filter(text -> !text.isEmpty())
                .map(WriteConditions::ifMatch)
                .orElse(WriteCondition.NONE);
        WriteCondition condition =
                WriteConditions.ofRemoval(tag, object.textOf("Size"), object.textOf("LastModifiedTime"));
        return new RemovalRequest(ObjectKey.of(bytes), version, condition, false);
    }

    /**
     * @param logged gets what became of each key
     */
    private static byte[] report(
            AdmittedCall call, List<Line> lines, List<Removal> outcomes, boolean quiet, List<KeyOutcome> logged) {
        XmlWriter xml = XmlWriter.document("DeleteResult");
        int done = 0;
        for (Line line : lines) {
            Optional<S3Exception> refused = line.refusal().isPresent()
                    ? line.refusal()
                    : outcomes.get(done++)
                            .fold(
                                    marked -> deleted(xml, line, quiet, Optional.of(marked.marker())),
                                    gone -> deleted(
                                            xml, line, quiet, gone.version().filter(id -> gone.wasDeleteMarker())),
                                    refusal -> Optional.of(Refusals.error(
                                            refusal,
                                            call,
                                            line.request().orElseThrow().condition())));
            refused.ifPresent(refusal -> error(xml, line, refusal));
            line.objectKey()
                    .ifPresent(
                            key -> logged.add(new KeyOutcome(key, line.versionId(), refused.map(S3Exception::error))));
        }
        return xml.toBytes();
    }

    private static void error(XmlWriter xml, Line line, S3Exception refusal) {
        xml.open("Error")
                .leaf("Key", line.key())
                .leaf("VersionId", line.versionId())
                .leaf("Code", refusal.error().code())
                .leaf("Message", refusal.getMessage())
                .close();
    }

    /**
     * @param marker the delete marker that was added or removed
     * @return no refusal
     */
    private static Optional<S3Exception> deleted(XmlWriter xml, Line line, boolean quiet, Optional<VersionId> marker) {
        if (quiet) {
            return Optional.empty();
        }
        xml.open("Deleted").leaf("Key", line.key()).leaf("VersionId", line.versionId());
        if (marker.isPresent()) {
            xml.leaf("DeleteMarker", true)
                    .leaf("DeleteMarkerVersionId", marker.get().text());
        }
        xml.close();
        return Optional.empty();
    }
}
