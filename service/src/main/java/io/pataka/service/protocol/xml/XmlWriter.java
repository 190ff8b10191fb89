package io.pataka.service.protocol.xml;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.pataka.service.model.Owner;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * Writes one XML document the way S3 does: no white space between elements, and characters that XML 1.0 forbids as references
 * ({@code &#x1;}), as Amazon writes them. Every document has a bounded number of elements (a page of a listing), so it is built
 * in memory and sent with its length.
 */
public final class XmlWriter {

    /** The namespace of S3's documents. */
    public static final String S3_NAMESPACE = "http://s3.amazonaws.com/doc/2006-03-01/";

    /** The namespace of documents about topics, which are those of SNS. */
    public static final String SNS_NAMESPACE = "https://sns.amazonaws.com/doc/2010-03-31/";

    /** The XML declaration of every document. */
    public static final String PROLOG = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";

    private final StringBuilder text = new StringBuilder(512);
    private final Deque<String> open = new ArrayDeque<>();

    private XmlWriter() {
        text.append(PROLOG);
    }

    /** Begins a document whose root is in S3's namespace. */
    public static XmlWriter document(String root) {
        return document(root, S3_NAMESPACE);
    }

    /** Begins a document whose root is in the namespace of SNS. */
    public static XmlWriter topicDocument(String root) {
        return document(root, SNS_NAMESPACE);
    }

    private static XmlWriter document(String root, String namespace) {
        XmlWriter writer = new XmlWriter();
        writer.text
                .append('<')
                .append(root)
                .append(" xmlns=\"")
                .append(namespace)
                .append("\">");
        writer.open.push(root);
        return writer;
    }

    /** Begins a document whose root has no namespace: an error. */
    public static XmlWriter plainDocument(String root) {
        XmlWriter writer = new XmlWriter();
        return writer.open(root);
    }

    public XmlWriter open(String element) {
        text.append('<').append(element).append('>');
        open.push(element);
        return this;
    }

    /** Opens an element with attributes, given as a literal that needs no escape: {@code xsi:type="Group"}. */
    public XmlWriter open(String element, String attributes) {
        text.append('<').append(element).append(' ').append(attributes).append('>');
        open.push(element);
        return this;
    }

    /** Text directly inside the open element. */
    public XmlWriter text(String value) {
        escape(value);
        return this;
    }

    public XmlWriter close() {
        text.append("</").append(open.pop()).append('>');
        return this;
    }

    /**
     * Writes an account or a user without its name, as Amazon writes owners since November 2025.
     *
     * @param element {@code Owner} or {@code Initiator}
     */
    public XmlWriter ownerId(String element, Owner owner) {
        return open(element).leaf("ID", owner.id()).close();
    }

    /**
     * Writes an account or a user with its name, as Amazon writes initiators. The tests of Ceph Gateway require it for owners
     * in ACLs and in listings of objects, versions and parts.
     *
     * @param element {@code Owner} or {@code Initiator}
     */
    public XmlWriter owner(String element, Owner owner) {
        return open(element)
                .leaf("ID", owner.id())
                .leaf("DisplayName", owner.displayName())
                .close();
    }

    public XmlWriter leaf(String element, String value) {
        text.append('<').append(element);
        if (value.isEmpty()) {
            text.append("/>");
            return this;
        }
        text.append('>');
        escape(value);
        text.append("</").append(element).append('>');
        return this;
    }

    public XmlWriter leaf(String element, long value) {
        text.append('<')
                .append(element)
                .append('>')
                .append(value)
                .append("</")
                .append(element)
                .append('>');
        return this;
    }

    public XmlWriter leaf(String element, boolean value) {
        return leaf(element, Boolean.toString(value));
    }

    /** Writes nothing without a value. */
    public XmlWriter leaf(String element, Optional<String> value) {
        value.ifPresent(present -> leaf(element, present));
        return this;
    }

    /** Closes all open elements and returns the document in UTF-8. */
    public byte[] toBytes() {
        while (!open.isEmpty()) {
            close();
        }
        return text.toString().getBytes(UTF_8);
    }

    private void escape(String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            switch (c) {
                case '&' -> text.append("&amp;");
                case '<' -> text.append("&lt;");
                case '>' -> text.append("&gt;");
                case '"' -> text.append("&quot;");
                default -> {
                    boolean needsReference =
                            (c < 0x20 && c != '\t' && c != '\n') || c == 0x7F || c == 0xFFFE || c == 0xFFFF;
                    if (needsReference) {
                        text.append("&#x").append(Integer.toHexString(c)).append(';');
                    } else if (Character.isSurrogate(c) && !isPaired(value, i)) {
                        text.append('\uFFFD');
                    } else {
                        text.append(c);
                    }
                }
            }
        }
    }

    private static boolean isPaired(String value, int i) {
        return Character.isHighSurrogate(value.charAt(i))
                ? i + 1 < value.length() && Character.isLowSurrogate(value.charAt(i + 1))
                : i > 0 && Character.isHighSurrogate(value.charAt(i - 1));
    }
}
