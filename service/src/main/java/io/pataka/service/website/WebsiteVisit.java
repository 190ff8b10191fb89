package io.pataka.service.website;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.pataka.service.model.ByteSource;
import io.pataka.service.model.ObjectKey;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import io.pataka.service.protocol.S3Response;
import io.pataka.service.website.WebsiteConfiguration.Pages;
import io.pataka.service.website.WebsiteConfiguration.RedirectAll;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Objects;
import java.util.Optional;

/**
 * Answers one GET or HEAD request to a website, in Amazon's order: the redirect of the whole website, routing rules for keys, the object
 * or the index document, the redirect to a folder, routing rules for errors, the error document.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/WebsiteHosting.html">AWS: website hosting</a>
 */
public final class WebsiteVisit {

    private static final String REDIRECT = "x-amz-website-redirect-location";
    private static final int MOVED_PERMANENTLY = 301;
    private static final int FOUND = 302;
    private static final int FORBIDDEN = 403;
    private static final int NOT_FOUND = 404;

    private final WebsiteConfiguration website;
    private final WebsiteOrigin origin;
    private final byte[] asked;
    private final PageSource source;

    /**
     * @param asked the key that the request names; empty for the root of the website
     */
    public WebsiteVisit(
            WebsiteConfiguration website, WebsiteOrigin origin, Optional<ObjectKey> asked, PageSource source) {
        this.website = Objects.requireNonNull(website);
        this.origin = Objects.requireNonNull(origin);
        this.asked = asked.map(ObjectKey::bytes).orElse(new byte[0]);
        this.source = Objects.requireNonNull(source);
    }

    /**
     * The caller closes the body of the response.
     *
     * @throws IOException when an object cannot be read
     */
    public WebsiteAnswer answer() throws IOException {
        if (website instanceof RedirectAll all) {
            return WebsiteAnswer.redirect(MOVED_PERMANENTLY, all.location(origin, asked));
        }
        Pages pages = (Pages) website;
        Optional<RoutingRule> rule = pages.ruleFor(asked);
        if (rule.isPresent()) {
            return redirect(rule.get());
        }
        try {
            return page(document(pages));
        } catch (S3Exception refusal) {
            return refused(refusal, pages);
        }
    }

    private WebsiteAnswer redirect(RoutingRule rule) {
        return WebsiteAnswer.redirect(
                rule.redirect().statusToSend(), rule.redirect().location(origin, rule.keyPrefix(), asked));
    }

    private ObjectKey document(Pages pages) {
        return isFolder() ? key(asked, pages.indexSuffix()) : ObjectKey.of(asked);
    }

    private boolean isFolder() {
        return asked.length == 0 || asked[asked.length - 1] == '/';
    }

    private WebsiteAnswer page(ObjectKey key) throws IOException {
        S3Response found;
        try {
            found = source.page(key);
        } catch (S3Exception refusal) {
            // An object that redirects is usually empty, and no range is within it.
            if (refusal.error() == S3Error.INVALID_RANGE) {
                Optional<WebsiteAnswer> redirect = redirectOf(source.describe(key));
                if (redirect.isPresent()) {
                    return redirect.get();
                }
            }
            throw refusal;
        }
        Optional<WebsiteAnswer> redirect = redirectOf(found);
        if (redirect.isPresent()) {
            found.body().ifPresent(ByteSource::close);
        }
        return redirect.orElseGet(() -> WebsiteAnswer.of(found));
    }

    private static Optional<WebsiteAnswer> redirectOf(S3Response found) {
        return Optional.ofNullable(found.headers().get(REDIRECT))
                .map(location -> WebsiteAnswer.redirect(MOVED_PERMANENTLY, location));
    }

    private WebsiteAnswer refused(S3Exception refusal, Pages pages) throws IOException {
        int status = refusal.error().status();
        if ((status == FORBIDDEN || status == NOT_FOUND) && !isFolder() && hasIndex(pages)) {
            return WebsiteAnswer.redirect(FOUND, folder());
        }
        Optional<RoutingRule> rule = pages.ruleFor(asked, status);
        if (rule.isPresent()) {
            return redirect(rule.get());
        }
        return pages.errorKey().isPresent() && status / 100 == 4
                ? withDocument(refusal, ObjectKey.of(pages.errorKey().get()))
                : WebsiteAnswer.error(refusal);
    }

    private boolean hasIndex(Pages pages) throws IOException {
        try {
            source.describe(key(asked, "/" + pages.indexSuffix()));
            return true;
        } catch (S3Exception none) {
            return false;
        }
    }

    /** A second slash at the beginning is escaped: a browser takes the text after two slashes for a host. */
    private String folder() {
        String key = Locations.ofKey(asked);
        return "/" + (key.startsWith("/") ? "%2F" + key.substring(1) : key) + "/";
    }

    private WebsiteAnswer withDocument(S3Exception refusal, ObjectKey key) throws IOException {
        try {
            S3Response found = source.whole(key);
            S3Response document = S3Response.status(refusal.error().status());
            found.headers().forEach((name, value) -> {
                if (!name.equals(REDIRECT)) {
                    document.header(name, value);
                }
            });
            found.body().ifPresent(document::body);
            return WebsiteAnswer.document(refusal, document);
        } catch (S3Exception notFound) {
            return WebsiteAnswer.error(refusal, notFound);
        }
    }

    private static ObjectKey key(byte[] beginning, String end) {
        ByteArrayOutputStream key = new ByteArrayOutputStream(beginning.length + end.length());
        key.writeBytes(beginning);
        key.writeBytes(end.getBytes(UTF_8));
        if (key.size() > ObjectKey.MAX_LENGTH) {
            throw new S3Exception(S3Error.KEY_TOO_LONG)
                    .with("Size", Integer.toString(key.size()))
                    .with("MaxSizeAllowed", Integer.toString(ObjectKey.MAX_LENGTH));
        }
        return ObjectKey.of(key.toByteArray());
    }
}
