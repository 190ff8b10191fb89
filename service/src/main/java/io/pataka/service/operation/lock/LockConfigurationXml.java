package io.pataka.service.operation.lock;

import io.pataka.service.model.DefaultRetention;
import io.pataka.service.model.DefaultRetention.Unit;
import io.pataka.service.protocol.LockHeaders;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import io.pataka.service.protocol.WholeNumber;
import io.pataka.service.protocol.xml.XmlElement;
import io.pataka.service.protocol.xml.XmlWriter;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The document of a bucket's object lock. What a client can choose is the default retention; object lock itself is on and stays on.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_ObjectLockConfiguration.html">AWS: ObjectLockConfiguration</a>
 */
final class LockConfigurationXml {

    private static final String ROOT = "ObjectLockConfiguration";
    private static final String ENABLED = "ObjectLockEnabled";
    private static final String RULE = "Rule";
    private static final String DEFAULT = "DefaultRetention";
    private static final String MODE = "Mode";
    private static final String DAYS = "Days";
    private static final String YEARS = "Years";

    private LockConfigurationXml() {}

    /**
     * @return empty for a configuration without a rule
     * @throws S3Exception MalformedXML; InvalidRetentionPeriod for a period of 0 or less, or of more than 36,500 days or 100 years
     */
    static Optional<DefaultRetention> read(byte[] document) {
        XmlElement root = XmlElement.parse(document, ROOT).only(ENABLED, RULE).once(ENABLED, RULE);
        if (!root.requiredText(ENABLED).strip().equals("Enabled")) {
            throw malformed();
        }
        return root.first(RULE)
                .map(rule -> rule.only(DEFAULT).once(DEFAULT).required(DEFAULT))
                .map(LockConfigurationXml::retention);
    }

    private static DefaultRetention retention(XmlElement element) {
        element.only(MODE, DAYS, YEARS).once(MODE, DAYS, YEARS);
        Optional<String> days = element.textOf(DAYS);
        Optional<String> years = element.textOf(YEARS);
        if (days.isPresent() == years.isPresent()) {
            throw malformed();
        }
        Unit unit = days.isPresent() ? Unit.DAYS : Unit.YEARS;
        return new DefaultRetention(
                LockHeaders.modeNamed(element.requiredText(MODE).strip()).orElseThrow(LockConfigurationXml::malformed),
                length(days.or(() -> years).orElseThrow(), unit),
                unit);
    }

    private static int length(String text, Unit unit) {
        OptionalLong length = WholeNumber.ofLong(text.strip());
        if (length.isEmpty()) {
            throw malformed();
        }
        if (length.getAsLong() <= 0) {
            throw new S3Exception(S3Error.INVALID_RETENTION_PERIOD);
        }
        if (length.getAsLong() > Integer.MAX_VALUE || !unit.allows((int) length.getAsLong())) {
            throw new S3Exception(S3Error.INVALID_RETENTION_PERIOD, "Default retention period is too large.");
        }
        return (int) length.getAsLong();
    }

    private static S3Exception malformed() {
        return new S3Exception(S3Error.MALFORMED_XML);
    }

    /** The document of a bucket with object lock. */
    static byte[] write(Optional<DefaultRetention> retention) {
        XmlWriter xml = XmlWriter.document(ROOT).leaf(ENABLED, "Enabled");
        retention.ifPresent(standard -> xml.open(RULE)
                .open(DEFAULT)
                .leaf(MODE, standard.mode().name())
                .leaf(standard.unit() == Unit.DAYS ? DAYS : YEARS, Integer.toString(standard.length()))
                .close()
                .close());
        return xml.toBytes();
    }
}
