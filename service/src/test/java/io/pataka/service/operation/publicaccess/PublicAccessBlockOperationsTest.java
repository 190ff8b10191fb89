package io.pataka.service.operation.publicaccess;

import static org.assertj.core.api.Assertions.assertThat;

import io.pataka.service.operation.TestHouse;
import io.pataka.service.operation.TestHouse.Reply;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.xml.XmlElement;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** PutPublicAccessBlock, GetPublicAccessBlock, DeletePublicAccessBlock. */
class PublicAccessBlockOperationsTest {

    private static final List<String> FLAGS =
            List.of("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets");

    private final TestHouse house = new TestHouse();

    @BeforeEach
    void makeBucket() {
        house.call("PUT", "/photos").send();
    }

    private TestHouse.Call put(String flags) {
        return house.call("PUT", "/photos?publicAccessBlock")
                .body("<PublicAccessBlockConfiguration xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">" + flags
                        + "</PublicAccessBlockConfiguration>");
    }

    @Test
    void eachFlagIsKeptForItself() {
        for (String on : FLAGS) {
            assertThat(put("<" + on + ">true</" + on + ">").send().status()).isEqualTo(200);
            Reply reply = house.call("GET", "/photos?publicAccessBlock").send();
            XmlElement block = reply.xml("PublicAccessBlockConfiguration");
            for (String flag : FLAGS) {
                assertThat(block.requiredText(flag)).as(flag).isEqualTo(Boolean.toString(flag.equals(on)));
            }
        }
    }

    @Test
    void withoutOneThereIsNoneAndDeletingItIsFine() {
        assertThat(house.call("GET", "/photos?publicAccessBlock").refused().error())
                .isEqualTo(S3Error.NO_SUCH_PUBLIC_ACCESS_BLOCK);
        assertThat(house.call("DELETE", "/photos?publicAccessBlock").send().status())
                .isEqualTo(204);
        put("").send();
        assertThat(house.call("DELETE", "/photos?publicAccessBlock").send().status())
                .isEqualTo(204);
        assertThat(house.call("GET", "/photos?publicAccessBlock").refused().error())
                .isEqualTo(S3Error.NO_SUCH_PUBLIC_ACCESS_BLOCK);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<BlockPublicAcls>yes</BlockPublicAcls>",
                "<BlockPublicAcls/>",
                "<BlockPublicAcls>true</BlockPublicAcls><BlockPublicAcls>false</BlockPublicAcls>",
                "<BlockPublicAcls>",
            })
    void aDocumentThatIsNoneIsRefused(String flags) {
        assertThat(put(flags).refused().error()).isEqualTo(S3Error.MALFORMED_XML);
    }

    @Test
    void strangersAreKeptOut() {
        assertThat(put("").by(TestHouse.BOB).refused().error()).isEqualTo(S3Error.ACCESS_DENIED);
        assertThat(house.call("GET", "/photos?publicAccessBlock")
                        .by(TestHouse.BOB)
                        .refused()
                        .error())
                .isEqualTo(S3Error.ACCESS_DENIED);
    }
}
