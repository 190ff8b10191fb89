package io.pataka.service.website;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.pataka.service.website.WebsiteConfiguration.Pages;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The configuration of {@code docs/websites.md}, word for word, does what the page says. */
class WebsitesPageTest {

    private static final WebsiteOrigin HERE = new WebsiteOrigin(Scheme.HTTP, "photos.site.example.net");

    private static Pages pages() throws Exception {
        String page = Files.readString(Path.of("docs", "websites.md"));
        Matcher block = Pattern.compile("```xml\n(.*?)```", Pattern.DOTALL).matcher(page);
        assertThat(block.find()).isTrue();
        return (Pages) WebsiteXml.read(block.group(1).getBytes(UTF_8));
    }

    @Test
    void aFolderMoves() throws Exception {
        byte[] asked = "docs/a b".getBytes(UTF_8);
        RoutingRule rule = pages().ruleFor(asked).orElseThrow();
        assertThat(rule.redirect().location(HERE, rule.keyPrefix(), asked))
                .isEqualTo("http://photos.site.example.net/documents/a%20b");
    }

    @Test
    void aMissingPageBecomesAFragment() throws Exception {
        byte[] asked = "user/1".getBytes(UTF_8);
        assertThat(pages().ruleFor(asked)).isEmpty();
        RoutingRule rule = pages().ruleFor(asked, 404).orElseThrow();
        assertThat(rule.redirect().location(HERE, rule.keyPrefix(), asked))
                .isEqualTo("http://photos.site.example.net/#!/user/1");
        assertThat(rule.redirect().statusToSend()).isEqualTo(302);
    }
}
