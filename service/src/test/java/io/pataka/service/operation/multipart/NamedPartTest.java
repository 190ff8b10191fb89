package io.pataka.service.operation.multipart;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.pataka.service.model.ChecksumAlgorithm;
import io.pataka.service.model.ETag;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NamedPartTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<CompleteMultipartUpload>",
                "<CompleteMultipartUpload xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">",
                "<CompleteMultipartUpload xmlns=\"https://example.com/some/other\">",
                "<a:CompleteMultipartUpload xmlns:a=\"urn:x\" xmlns=\"urn:y\">"
            })
    void aNamespaceDecidesNothing(String opening) {
        String closing = opening.startsWith("<a:") ? "</a:CompleteMultipartUpload>" : "</CompleteMultipartUpload>";

        assertThat(NamedPart.read((opening + part(1, "\"e1\"") + closing).getBytes(UTF_8)))
                .containsExactly(new NamedPart(1, new ETag("e1"), Map.of()));
    }

    @Test
    void tagsComeWithQuotesOrWithout() {
        assertThat(read(part(1, "e1") + part(2, " &quot;e2&quot; ")))
                .extracting(NamedPart::etag)
                .containsExactly(new ETag("e1"), new ETag("e2"));
    }

    @Test
    void checksumsOfAPartAreRead() {
        List<NamedPart> parts =
                read("<Part><PartNumber>3</PartNumber><ETag>e</ETag><ChecksumCRC32>AAAAAA==</ChecksumCRC32>"
                        + "<ChecksumSHA256/></Part>");

        assertThat(parts).containsExactly(new NamedPart(3, new ETag("e"), Map.of(ChecksumAlgorithm.CRC32, "AAAAAA==")));
    }

    @Test
    void theLaterLineOfAPartListedTwiceCounts() {
        assertThat(read(part(1, "old") + part(1, "new") + part(2, "e2")))
                .extracting(part -> part.etag().value())
                .containsExactly("new", "e2");
    }

    @Test
    void numbersAscend() {
        assertRefused(S3Error.INVALID_PART_ORDER, part(2, "e") + part(1, "e"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "10001", "2147483647"})
    void numbersAreWithinTenThousand(String number) {
        assertRefused(S3Error.INVALID_ARGUMENT, "<Part><PartNumber>" + number + "</PartNumber><ETag>e</ETag></Part>");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<Part/>",
                "<Part><PartNumber>1</PartNumber></Part>",
                "<Part><ETag>e</ETag></Part>",
                "<Part><PartNumber>one</PartNumber><ETag>e</ETag></Part>",
                "<Part><PartNumber>99999999999</PartNumber><ETag>e</ETag></Part>",
                "<Part><PartNumber/><ETag>e</ETag></Part>",
                "<Part><PartNumber>1</PartNumber><ETag>e</ETag>"
            })
    void whatIsNoListOfPartsIsMalformed(String content) {
        assertRefused(S3Error.MALFORMED_XML, content);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "<Other/>"})
    void thereIsOnePartAtLeast(String content) {
        assertRefused(S3Error.INVALID_REQUEST, content);
    }

    @Test
    void anotherRootIsMalformed() {
        assertThatExceptionOfType(S3Exception.class)
                .isThrownBy(() -> NamedPart.read(("<Parts>" + part(1, "e") + "</Parts>").getBytes(UTF_8)))
                .returns(S3Error.MALFORMED_XML, S3Exception::error);
    }

    @Test
    void thereAreTenThousandPartsAtMost() {
        String most =
                IntStream.rangeClosed(1, 10_000).mapToObj(i -> part(i, "e")).collect(Collectors.joining());

        assertThat(read(most)).hasSize(10_000);
        assertRefused(S3Error.MALFORMED_XML, most + part(10_000, "e"));
    }

    private static String part(int number, String etag) {
        return "<Part><PartNumber>" + number + "</PartNumber><ETag>" + etag + "</ETag></Part>";
    }

    private static List<NamedPart> read(String content) {
        return NamedPart.read(("<CompleteMultipartUpload>" + content + "</CompleteMultipartUpload>").getBytes(UTF_8));
    }

    private static void assertRefused(S3Error error, String content) {
        assertThatExceptionOfType(S3Exception.class)
                .isThrownBy(() -> read(content))
                .returns(error, S3Exception::error);
    }
}
