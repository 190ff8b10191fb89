package io.pataka.service.operation.form;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.pataka.service.model.BucketName;
import io.pataka.service.model.ETag;
import io.pataka.service.model.ObjectKey;
import io.pataka.service.protocol.RequestHeaders;
import io.pataka.service.protocol.S3Response;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SuccessActionTest {

    private static final String LOCATION = "http://localhost/b/k%20%26";

    @ParameterizedTest
    @CsvSource({"200, 200", "201, 201", "204, 204", "404, 204", "'', 204", "200 , 200", "abc, 204"})
    void theStatusIsOneOfThree(String asked, int given) {
        assertThat(answer(Map.of("success_action_status", asked)).status()).isEqualTo(given);
    }

    @Test
    void createdComesWithADocument() throws IOException {
        S3Response created = answer(Map.of("success_action_status", "201"));
        ByteArrayOutputStream document = new ByteArrayOutputStream();
        created.body().orElseThrow().transferTo(document);

        assertThat(document.toString(UTF_8))
                .endsWith("<PostResponse><Location>" + LOCATION + "</Location><Bucket>b</Bucket><Key>k &amp;</Key>"
                        + "<ETag>&quot;e&quot;</ETag></PostResponse>");
        assertThat(created.headers()).containsEntry("Location", LOCATION);
    }

    @Test
    void otherStatusesHaveNoBody() {
        assertThat(answer(Map.of()).body()).isEmpty();
        assertThat(answer(Map.of("success_action_status", "200")).body()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "http://example.com/done, http://example.com/done?bucket=b&key=k%20%26&etag=%22e%22",
        "https://example.com/?a=1, https://example.com/?a=1&bucket=b&key=k%20%26&etag=%22e%22",
        "http://example.com/x#top, http://example.com/x?bucket=b&key=k%20%26&etag=%22e%22#top"
    })
    void theBrowserIsSentToWhereTheFormSays(String url, String target) {
        S3Response redirect = answer(Map.of("success_action_redirect", url, "success_action_status", "201"));

        assertThat(redirect.status()).isEqualTo(303);
        assertThat(redirect.headers()).containsEntry("Location", target);
        assertThat(answer(Map.of("redirect", url)).headers()).containsEntry("Location", target);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/done", "example.com", "javascript:alert(1)", "http://", "http://a b/", "ftp://x/"})
    void aRedirectThatIsNoUrlIsIgnored(String url) {
        assertThat(answer(Map.of("success_action_redirect", url)).status()).isEqualTo(204);
    }

    private static S3Response answer(Map<String, String> fields) {
        return SuccessAction.of(RequestHeaders.of(fields))
                .answer(new BucketName("b"), ObjectKey.of("k &"), new ETag("e"), LOCATION);
    }
}
