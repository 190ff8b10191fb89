package io.pataka.service.website;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.pataka.service.model.ObjectKey;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import io.pataka.service.protocol.WholeNumber;
import io.pataka.service.protocol.xml.XmlElement;
import io.pataka.service.protocol.xml.XmlWriter;
import io.pataka.service.website.WebsiteConfiguration.Pages;
import io.pataka.service.website.WebsiteConfiguration.RedirectAll;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Reads and writes the document of a website. The errors are Amazon's.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketWebsite.html">AWS: PutBucketWebsite</a>
 */
public final class WebsiteXml {

    /** The most bytes of a document. */
    public static final int MAX_LENGTH = 128 * 1024;

    private static final int MAX_RULES = 50;

    private static final String ROOT = "WebsiteConfiguration";
    private static final String REDIRECT_ALL = "RedirectAllRequestsTo";
    private static final String INDEX = "IndexDocument";
    private static final String SUFFIX = "Suffix";
    private static final String ERROR = "ErrorDocument";
    private static final String KEY = "Key";
    private static final String RULES = "RoutingRules";
    private static final String RULE = "RoutingRule";
    private static final String CONDITION = "Condition";
    private static final String PREFIX_EQUALS = "KeyPrefixEquals";
    private static final String STATUS_EQUALS = "HttpErrorCodeReturnedEquals";
    private static final String REDIRECT = "Redirect";
    private static final String PROTOCOL = "Protocol";
    private static final String HOST = "HostName";
    private static final String REPLACE_PREFIX = "ReplaceKeyPrefixWith";
    private static final String REPLACE_KEY = "ReplaceKeyWith";
    private static final String STATUS = "HttpRedirectCode";

    private WebsiteXml() {}

    /**
     * @throws S3Exception MalformedXML, InvalidArgument or InvalidRequest
     */
    public static WebsiteConfiguration read(byte[] document) {
        XmlElement root = XmlElement.parse(document, ROOT)
                .only(REDIRECT_ALL, INDEX, ERROR, RULES)
                .once(REDIRECT_ALL, INDEX, ERROR, RULES);
        Optional<XmlElement> redirectAll = root.first(REDIRECT_ALL);
        if (redirectAll.isPresent()) {
            if (root.children().size() > 1) {
                throw invalid(REDIRECT_ALL + " cannot be provided in conjunction with other Routing Rules.");
            }
            return redirectAll(redirectAll.get());
        }
        XmlElement index = root.first(INDEX)
                .orElseThrow(() -> new S3Exception(
                                S3Error.INVALID_ARGUMENT,
                                "A value for IndexDocument Suffix must be provided if RedirectAllRequestsTo is empty")
                        .argument(INDEX, "null"));
        return new Pages(
                suffix(index),
                root.first(ERROR).map(WebsiteXml::errorKey),
                root.first(RULES).map(WebsiteXml::rules).orElse(List.of()));
    }

    private static RedirectAll redirectAll(XmlElement element) {
        element.only(HOST, PROTOCOL).once(HOST, PROTOCOL);
        return new RedirectAll(
                host(element.requiredText(HOST), REDIRECT_ALL),
                element.textOf(PROTOCOL).map(WebsiteXml::scheme));
    }

    private static String suffix(XmlElement index) {
        String suffix = index.only(SUFFIX).once(SUFFIX).requiredText(SUFFIX);
        if (suffix.contains("/") || !isKey(suffix)) {
            throw notWellFormed("The IndexDocument Suffix is not well formed", INDEX, suffix);
        }
        return suffix;
    }

    private static String errorKey(XmlElement error) {
        String key = error.only(KEY).once(KEY).requiredText(KEY);
        if (!isKey(key)) {
            throw notWellFormed("The ErrorDocument Key is not well formed", ERROR, key);
        }
        return key;
    }

    private static boolean isKey(String text) {
        return !text.isEmpty() && text.getBytes(UTF_8).length <= ObjectKey.MAX_LENGTH;
    }

    private static List<RoutingRule> rules(XmlElement element) {
        List<XmlElement> rules = element.only(RULE).all(RULE);
        if (rules.isEmpty()) {
            throw malformed();
        }
        if (rules.size() > MAX_RULES) {
            throw invalid(
                    rules.size() + " routing rules provided, the number of routing rules in a website configuration"
                            + " is limited to " + MAX_RULES + ".");
        }
        return rules.stream().map(WebsiteXml::rule).toList();
    }

    private static RoutingRule rule(XmlElement element) {
        element.only(CONDITION, REDIRECT).once(CONDITION, REDIRECT);
        KeyRedirect redirect = redirect(element.required(REDIRECT));
        Optional<XmlElement> condition = element.first(CONDITION);
        if (condition.isEmpty()) {
            return new RoutingRule(Optional.empty(), OptionalInt.empty(), redirect);
        }
        condition.get().only(PREFIX_EQUALS, STATUS_EQUALS).once(PREFIX_EQUALS, STATUS_EQUALS);
        if (condition.get().children().isEmpty()) {
            throw invalid("Condition cannot be empty. To redirect all requests without a condition, the condition"
                    + " element shouldn't be present.");
        }
        return new RoutingRule(
                condition.get().textOf(PREFIX_EQUALS),
                errorStatus(condition.get().textOf(STATUS_EQUALS)),
                redirect);
    }

    private static OptionalInt errorStatus(Optional<String> text) {
        if (text.isEmpty()) {
            return OptionalInt.empty();
        }
        int status = number(text.get());
        if (status < 400 || status > 599) {
            throw invalid("The provided HTTP error code (" + status + ") is not valid. Valid codes are 4XX or 5XX.");
        }
        return OptionalInt.of(status);
    }

    private static KeyRedirect redirect(XmlElement element) {
        element.only(PROTOCOL, HOST, REPLACE_PREFIX, REPLACE_KEY, STATUS)
                .once(PROTOCOL, HOST, REPLACE_PREFIX, REPLACE_KEY, STATUS);
        if (element.children().isEmpty()) {
            throw malformed();
        }
        if (element.first(REPLACE_PREFIX).isPresent()
                && element.first(REPLACE_KEY).isPresent()) {
            throw invalid("You can only define ReplaceKeyPrefix or ReplaceKey but not both.");
        }
        return new KeyRedirect(
                element.textOf(PROTOCOL).map(WebsiteXml::scheme),
                element.textOf(HOST).map(host -> host(host, REDIRECT)),
                element.textOf(REPLACE_PREFIX),
                element.textOf(REPLACE_KEY),
                redirectStatus(element.textOf(STATUS)));
    }

    private static OptionalInt redirectStatus(Optional<String> text) {
        if (text.isEmpty()) {
            return OptionalInt.empty();
        }
        int status = number(text.get());
        if (!KeyRedirect.STATUSES.contains(status)) {
            throw invalid(
                    "The provided HTTP redirect code (" + status + ") is not valid. Valid codes are 3XX except 300.");
        }
        return OptionalInt.of(status);
    }

    private static Scheme scheme(String text) {
        return Scheme.named(text)
                .orElseThrow(
                        () -> invalid("Invalid protocol, protocol can be http or https. If not defined the protocol"
                                + " will be selected automatically."));
    }

    /** What is sent in a Location header must neither end the header nor the host. */
    private static String host(String text, String element) {
        if (!Locations.isHost(text)) {
            throw invalid("Valid HostName required in " + element);
        }
        return text;
    }

    private static int number(String text) {
        return WholeNumber.ofInt(text).orElseThrow(WebsiteXml::malformed);
    }

    private static S3Exception notWellFormed(String message, String argument, String value) {
        return new S3Exception(S3Error.INVALID_ARGUMENT, message).argument(argument, value);
    }

    private static S3Exception invalid(String message) {
        return new S3Exception(S3Error.INVALID_REQUEST, message);
    }

    private static S3Exception malformed() {
        return new S3Exception(S3Error.MALFORMED_XML);
    }

    /** The document for clients, and for {@link io.pataka.service.model.DocumentKind#WEBSITE}. */
    public static byte[] write(WebsiteConfiguration website) {
        XmlWriter xml = XmlWriter.document(ROOT);
        if (website instanceof RedirectAll all) {
            xml.open(REDIRECT_ALL)
                    .leaf(HOST, all.host())
                    .leaf(PROTOCOL, all.scheme().map(Scheme::text))
                    .close();
        } else if (website instanceof Pages pages) {
            xml.open(INDEX).leaf(SUFFIX, pages.indexSuffix()).close();
            pages.errorKey().ifPresent(key -> xml.open(ERROR).leaf(KEY, key).close());
            if (!pages.rules().isEmpty()) {
                xml.open(RULES);
                pages.rules().forEach(rule -> write(rule, xml));
                xml.close();
            }
        }
        return xml.toBytes();
    }

    private static void write(RoutingRule rule, XmlWriter xml) {
        xml.open(RULE);
        if (rule.keyPrefix().isPresent() || rule.errorStatus().isPresent()) {
            xml.open(CONDITION).leaf(PREFIX_EQUALS, rule.keyPrefix());
            rule.errorStatus().ifPresent(status -> xml.leaf(STATUS_EQUALS, status));
            xml.close();
        }
        KeyRedirect redirect = rule.redirect();
        xml.open(REDIRECT)
                .leaf(PROTOCOL, redirect.scheme().map(Scheme::text))
                .leaf(HOST, redirect.host())
                .leaf(REPLACE_PREFIX, redirect.keyPrefix())
                .leaf(REPLACE_KEY, redirect.key());
        redirect.status().ifPresent(status -> xml.leaf(STATUS, status));
        xml.close().close();
    }
}
