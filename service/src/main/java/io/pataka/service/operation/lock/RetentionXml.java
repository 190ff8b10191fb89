package io.pataka.service.operation.lock;

import io.pataka.service.model.Retention;
import io.pataka.service.protocol.LockHeaders;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import io.pataka.service.protocol.S3Time;
import io.pataka.service.protocol.xml.XmlElement;
import io.pataka.service.protocol.xml.XmlWriter;
import java.time.Instant;
import java.util.Optional;

/**
 * The document of a version's retention.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_ObjectLockRetention.html">AWS: ObjectLockRetention</a>
 */
final class RetentionXml {

    private static final String ROOT = "Retention";
    private static final String MODE = "Mode";
    private static final String UNTIL = "RetainUntilDate";

    private RetentionXml() {}

    /**
     * @param now by which the date is judged to be in the future
     * @return empty for a document without mode and date, which takes the retention away
     * @throws S3Exception MalformedXML; InvalidArgument for a date that is not in the future
     */
    static Optional<Retention> read(byte[] document, Instant now) {
        XmlElement root = XmlElement.parse(document, ROOT).only(MODE, UNTIL).once(MODE, UNTIL);
        if (root.children().isEmpty()) {
            return Optional.empty();
        }
        Retention retention = new Retention(
                LockHeaders.modeNamed(root.requiredText(MODE).strip()).orElseThrow(RetentionXml::malformed),
                S3Time.readRetention(root.requiredText(UNTIL)).orElseThrow(RetentionXml::malformed));
        LockHeaders.requireFuture(retention.until(), now);
        return Optional.of(retention);
    }

    private static S3Exception malformed() {
        return new S3Exception(S3Error.MALFORMED_XML);
    }

    static byte[] write(Retention retention) {
        return XmlWriter.document(ROOT)
                .leaf(MODE, retention.mode().name())
                .leaf(UNTIL, S3Time.withMillis(retention.until()))
                .toBytes();
    }
}
