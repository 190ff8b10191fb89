package io.pataka.service.protocol.xml;

import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class XmlElementTest {

    @Test
    void readsNamesAndTextsWithoutTheirNameSpaces() {
        XmlElement root = parse("<?xml version='1.0'?><!-- a --><D xmlns='urn:a' xmlns:x='urn:b'>\n"
                + "<O><Key> a&amp;b&#10;</Key></O><x:O x:type='t'><Key><![CDATA[<&>]]></Key></x:O></D>");
        assertThat(root.all("O")).hasSize(2);
        assertThat(root.all("O").get(0).textOf("Key")).contains(" a&b\n");
        assertThat(root.all("O").get(1).textOf("Key")).contains("<&>");
        assertThat(root.first("Missing")).isEmpty();
    }

    @Test
    void readsTheEncodingThatADocumentNames() {
        byte[] document = "<?xml version='1.0' encoding='UTF-16'?><D>pātaka 🦆</D>".getBytes(UTF_16);
        assertThat(XmlElement.parse(document, "D").text()).isEqualTo("pātaka 🦆");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "D",
                "<D>",
                "<D></E>",
                "<D/><D/>",
                "<D>&nope;</D>",
                "<D>&#0;</D>",
                "<D>&#1;</D>",
                "<D><Key>a&#x1;</Key></D>",
                "<D a='&#1;'/>",
                "<D>\u0001</D>",
                "<E/>",
                "{\"D\": 1}",
                "<D a='1' a='2'/>"
            })
    void refusesWhatIsNotTheDocument(String text) {
        assertMalformed(text);
    }

    @Test
    void refusesEntityBombs() {
        StringBuilder bomb = new StringBuilder("<!DOCTYPE D [<!ENTITY a0 'ha'>");
        for (int i = 1; i < 30; i++) {
            bomb.append("<!ENTITY a").append(i).append(" '");
            bomb.append(("&a" + (i - 1) + ";").repeat(10)).append("'>");
        }
        assertMalformed(bomb + "]><D>&a29;</D>");
        assertMalformed("<!DOCTYPE D [<!ENTITY a 'harmless'>]><D>&a;</D>");
        assertMalformed("<!DOCTYPE D><D/>");
    }

    @Test
    void readsNoFileThatADocumentNames(@TempDir Path folder) throws Exception {
        Path secret = Files.writeString(folder.resolve("secret"), "the secret");
        assertMalformed("<!DOCTYPE D [<!ENTITY a SYSTEM '" + secret.toUri() + "'>]><D>&a;</D>");
        assertMalformed("<!DOCTYPE D SYSTEM '" + secret.toUri() + "'><D/>");
        assertMalformed("<!DOCTYPE D [<!ENTITY % a SYSTEM '" + secret.toUri() + "'> %a;]><D/>");
    }

    @Test
    void refusesDeepNesting() {
        assertThat(parse("<D>" + "<E>".repeat(31) + "</E>".repeat(31) + "</D>").children())
                .hasSize(1);
        assertMalformed("<D>" + "<E>".repeat(32) + "</E>".repeat(32) + "</D>");
        assertMalformed("<D>" + "<E>".repeat(1_000_000));
    }

    /** Two mebibytes of them would take a hundred in memory, and clients without a key may send such a document. */
    @Test
    void refusesMoreElementsThanAnyDocumentHas() {
        assertThat(parse("<D>" + "<E/>".repeat(19_999) + "</D>").children()).hasSize(19_999);
        assertMalformed("<D>" + "<E/>".repeat(20_000) + "</D>");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a%d='b' ", "xmlns:a%d='urn:b' "})
    void refusesMoreAttributesThanAnyElementHas(String attribute) {
        StringBuilder many = new StringBuilder("<D ");
        for (int i = 0; i < 17; i++) {
            many.append(attribute.formatted(i));
        }
        assertMalformed(many + "/>");
    }

    @Test
    void readsTenThousandParts() {
        StringBuilder text = new StringBuilder("<CompleteMultipartUpload>");
        for (int i = 1; i <= 10_000; i++) {
            text.append("<Part><PartNumber>")
                    .append(i)
                    .append("</PartNumber><ETag>&quot;")
                    .append(i)
                    .append("&quot;</ETag></Part>");
        }
        XmlElement root = XmlElement.parse(
                (text + "</CompleteMultipartUpload>").getBytes(UTF_8), "CompleteMultipartUpload", 30_001);
        assertThat(root.all("Part")).hasSize(10_000);
        assertThat(root.all("Part").get(9_999).requiredText("ETag")).isEqualTo("\"10000\"");
    }

    private static XmlElement parse(String text) {
        return XmlElement.parse(text.getBytes(UTF_8), "D");
    }

    private static void assertMalformed(String text) {
        assertThatThrownBy(() -> parse(text))
                .isInstanceOfSatisfying(
                        S3Exception.class,
                        refusal -> assertThat(refusal.error()).isEqualTo(S3Error.MALFORMED_XML));
    }
}
