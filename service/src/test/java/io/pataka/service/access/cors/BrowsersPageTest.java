package io.pataka.service.access.cors;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The rule of {@code docs/browsers.md}, word for word, does what the page says. */
class BrowsersPageTest {

    private static CorsRules rules() throws IOException {
        String page = Files.readString(Path.of("docs", "browsers.md"));
        Matcher block = Pattern.compile("```xml\n(.*?)```", Pattern.DOTALL).matcher(page);
        assertThat(block.find()).isTrue();
        return CorsXml.read(block.group(1).getBytes(UTF_8));
    }

    @Test
    void theApplicationReadsAndUploads() throws IOException {
        CorsRequest upload =
                new CorsRequest("https://app.example.org", "PUT", List.of("content-type", "x-amz-meta-album"));
        assertThat(rules().judge(upload).orElseThrow().exposed()).containsExactly("ETag");
        assertThat(rules().judge(new CorsRequest("https://app.example.org", "GET", List.of())))
                .isPresent();
    }

    @Test
    void otherOriginsAndMethodsAreRefused() throws IOException {
        assertThat(rules().judge(new CorsRequest("https://app.example.org", "DELETE", List.of())))
                .isEmpty();
        assertThat(rules().judge(new CorsRequest("https://app.example.org/", "GET", List.of())))
                .isEmpty();
        assertThat(rules().judge(new CorsRequest("https://app.example.org:8443", "GET", List.of())))
                .isEmpty();
    }
}
