package io.pataka.service.protocol.xml;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class XmlWriterTest {

    private static final String DECLARATION = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";

    @Test
    void writesADocumentInS3sNameSpace() {
        byte[] document = XmlWriter.document("ListBucketResult")
                .leaf("Name", "b")
                .leaf("Prefix", "")
                .leaf("MaxKeys", 1000)
                .leaf("IsTruncated", false)
                .leaf("Marker", Optional.empty())
                .open("Contents")
                .leaf("Key", "k")
                .toBytes();
        assertThat(new String(document, UTF_8))
                .isEqualTo(DECLARATION + "<ListBucketResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">"
                        + "<Name>b</Name><Prefix/><MaxKeys>1000</MaxKeys><IsTruncated>false</IsTruncated>"
                        + "<Contents><Key>k</Key></Contents></ListBucketResult>");
    }

    @Test
    void escapesMarkup() {
        assertThat(text("<a & 'b' \"c\">")).isEqualTo("&lt;a &amp; 'b' &quot;c&quot;&gt;");
    }

    @Test
    void writesWhatXmlForbidsAsReferences() {
        assertThat(text("a\u0001b\rc\u007F\uFFFE")).isEqualTo("a&#x1;b&#xd;c&#x7f;&#xfffe;");
    }

    @Test
    void keepsTabsLinesAndLettersOfEveryScript() {
        assertThat(text("\t\npātaka 日本 🦆")).isEqualTo("\t\npātaka 日本 🦆");
    }

    @Test
    void replacesHalvesOfCharacters() {
        assertThat(text("a\uD83Eb\uDD86c")).isEqualTo("a\uFFFDb\uFFFDc");
    }

    @Test
    void writesAnError() {
        Map<String, String> details = new LinkedHashMap<>();
        details.put("BucketName", "b");
        details.put("Extra", "<>");
        assertThat(new String(ErrorXml.write("NoSuchBucket", "There is none", details, "ID", "HOST"), UTF_8))
                .isEqualTo(DECLARATION + "<Error><Code>NoSuchBucket</Code><Message>There is none</Message>"
                        + "<BucketName>b</BucketName><Extra>&lt;&gt;</Extra>"
                        + "<RequestId>ID</RequestId><HostId>HOST</HostId></Error>");
    }

    private static String text(String value) {
        String document =
                new String(XmlWriter.plainDocument("D").leaf("E", value).toBytes(), UTF_8);
        return document.substring((DECLARATION + "<D><E>").length(), document.length() - "</E></D>".length());
    }
}
