package io.pataka.service.protocol.xml;

import com.ctc.wstx.stax.WstxInputFactory;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.codehaus.stax2.XMLInputFactory2;

/**
 * An element of a document that a client sent: local name, text, children. Namespaces and attributes are ignored, as by S3,
 * except the type of an ACL's grantee. Only XML's five predefined entities are allowed, no document types, and nothing outside
 * the document is read.
 */
public final class XmlElement {

    private static final int MAX_DEPTH = 32;

    /**
     * The memory of an element is many times its text. Except for lists of parts and lifecycle rules, no document has a third of this number.
     */
    private static final int MAX_ELEMENTS = 20_000;

    /** No element of S3 has more than three. The parser searches all declared prefixes for each. */
    private static final int MAX_ATTRIBUTES = 16;

    private static final XMLInputFactory FACTORY = hardenedFactory();

    private static final String INSTANCE_NAMESPACE = "http://www.w3.org/2001/XMLSchema-instance";

    private final String name;
    private final String type;
    private final List<XmlElement> children = new ArrayList<>();
    private final StringBuilder text = new StringBuilder();

    /**
     * @param type null for none
     */
    private XmlElement(String name, String type) {
        this.name = Objects.requireNonNull(name);
        this.type = type;
    }

    private static XMLInputFactory hardenedFactory() {
        XMLInputFactory factory = new WstxInputFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        factory.setProperty(XMLInputFactory.IS_REPLACING_ENTITY_REFERENCES, true);
        factory.setProperty(XMLInputFactory.IS_COALESCING, true);
        // Text is parsed eagerly: a lazy parser would report malformed text where no checked exception is allowed.
        factory.setProperty(XMLInputFactory2.P_LAZY_PARSING, false);
        return factory;
    }

    /**
     * Reads a document whose size the caller has bounded.
     *
     * @param root the local name that the root must have
     * @throws S3Exception MalformedXML for anything that is not such a document, and for one of more than 20,000 elements
     */
    public static XmlElement parse(byte[] document, String root) {
        return parse(document, root, MAX_ELEMENTS);
    }

    /** As {@link #parse(byte[], String)}, with another maximum of elements. */
    public static XmlElement parse(byte[] document, String root, int maxElements) {
        XmlElement parsed = parse(document, maxElements);
        if (!parsed.name.equals(root)) {
            throw malformed();
        }
        return parsed;
    }

    /** As {@link #parse(byte[], String)}, with any root. */
    public static XmlElement parse(byte[] document) {
        return parse(document, MAX_ELEMENTS);
    }

    private static XmlElement parse(byte[] document, int maxElements) {
        try {
            XMLStreamReader reader = FACTORY.createXMLStreamReader(new ByteArrayInputStream(document));
            try {
                return read(reader, maxElements);
            } finally {
                reader.close();
            }
        } catch (XMLStreamException notWellFormed) {
            throw malformed();
        }
    }

    private static XmlElement read(XMLStreamReader reader, int maxElements) throws XMLStreamException {
        XmlElement root = null;
        int elements = 0;
        List<XmlElement> path = new ArrayList<>();
        while (reader.hasNext()) {
            switch (reader.next()) {
                case XMLStreamConstants.START_ELEMENT -> {
                    if (reader.getAttributeCount() + reader.getNamespaceCount() > MAX_ATTRIBUTES) {
                        throw malformed();
                    }
                    XmlElement element =
                            new XmlElement(reader.getLocalName(), reader.getAttributeValue(INSTANCE_NAMESPACE, "type"));
                    if (path.isEmpty()) {
                        root = element;
                    } else {
                        path.get(path.size() - 1).children.add(element);
                    }
                    path.add(element);
                    if (path.size() > MAX_DEPTH || ++elements > maxElements) {
                        throw malformed();
                    }
                }
                case XMLStreamConstants.END_ELEMENT -> path.remove(path.size() - 1);
                case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA, XMLStreamConstants.SPACE -> {
                    if (!path.isEmpty()) {
                        path.get(path.size() - 1).text.append(reader.getText());
                    }
                }
                case XMLStreamConstants.DTD, XMLStreamConstants.ENTITY_REFERENCE -> throw malformed();
                default -> {
                    // comments and processing instructions are ignored
                }
            }
        }
        if (root == null) {
            throw malformed();
        }
        return root;
    }

    private static S3Exception malformed() {
        return new S3Exception(S3Error.MALFORMED_XML);
    }

    /** Local name. */
    public String name() {
        return name;
    }

    /** The value of {@code xsi:type}. */
    public Optional<String> type() {
        return Optional.ofNullable(type);
    }

    /** The text directly inside this element, with white space. */
    public String text() {
        return text.toString();
    }

    /** All children, in order. */
    public List<XmlElement> children() {
        return List.copyOf(children);
    }

    /** The children of that name, in order. */
    public List<XmlElement> all(String childName) {
        return children.stream().filter(child -> child.name.equals(childName)).toList();
    }

    /**
     * Requires that this element has only children of these names, and no text between them. Amazon refuses unknown elements as
     * well: a client must not believe that they had an effect.
     *
     * @return this element
     * @throws S3Exception MalformedXML
     */
    public XmlElement only(String... childNames) {
        Set<String> known = Set.of(childNames);
        boolean fits = text.toString().isBlank() && children.stream().allMatch(child -> known.contains(child.name));
        if (!fits) {
            throw malformed();
        }
        return this;
    }

    /**
     * Requires that this element has at most one child of each of these names.
     *
     * @return this element
     * @throws S3Exception MalformedXML
     */
    public XmlElement once(String... childNames) {
        for (String childName : childNames) {
            if (all(childName).size() > 1) {
                throw malformed();
            }
        }
        return this;
    }

    /** The first child of that name. */
    public Optional<XmlElement> first(String childName) {
        return children.stream().filter(child -> child.name.equals(childName)).findFirst();
    }

    /** The text of the first child of that name. */
    public Optional<String> textOf(String childName) {
        return first(childName).map(XmlElement::text);
    }

    /**
     * @throws S3Exception MalformedXML when there is no such child
     */
    public XmlElement required(String childName) {
        return first(childName).orElseThrow(XmlElement::malformed);
    }

    /**
     * @throws S3Exception MalformedXML when there is no such child
     */
    public String requiredText(String childName) {
        return required(childName).text();
    }
}
