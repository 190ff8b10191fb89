package io.pataka.service.operation.form;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.pataka.service.model.BucketName;
import io.pataka.service.model.ByteSource;
import io.pataka.service.model.ETag;
import io.pataka.service.model.ObjectKey;
import io.pataka.service.protocol.PercentCoding;
import io.pataka.service.protocol.RequestHeaders;
import io.pataka.service.protocol.S3Response;
import io.pataka.service.protocol.xml.XmlWriter;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;

/**
 * The answer to a browser whose file is stored.
 *
 * @param redirect where the browser is redirected; takes precedence over {@code status}
 * @param status 200, 201 or 204
 */
record SuccessAction(Optional<URI> redirect, int status) {

    /** A redirect that is no URL, and a status that is none of the three, are ignored. */
    static SuccessAction of(RequestHeaders fields) {
        Optional<URI> redirect = fields.first("success_action_redirect")
                .or(() -> fields.first("redirect"))
                .flatMap(SuccessAction::url);
        int status = switch (fields.first("success_action_status").orElse("")) {
            case "200" -> 200;
            case "201" -> 201;
            default -> 204;
        };
        return new SuccessAction(redirect, status);
    }

    private static Optional<URI> url(String text) {
        try {
            URI url = new URI(text);
            boolean isWeb = "http".equalsIgnoreCase(url.getScheme()) || "https".equalsIgnoreCase(url.getScheme());
            return isWeb && url.getHost() != null ? Optional.of(url) : Optional.empty();
        } catch (URISyntaxException notAUrl) {
            return Optional.empty();
        }
    }

    /**
     * @param location of the object
     */
    S3Response answer(BucketName bucket, ObjectKey key, ETag etag, String location) {
        if (redirect.isPresent()) {
            return S3Response.status(303).header("Location", target(redirect.get(), bucket, key, etag));
        }
        S3Response response = S3Response.status(status).header("Location", location);
        if (status != 201) {
            return response;
        }
        byte[] document = XmlWriter.plainDocument("PostResponse")
                .leaf("Location", location)
                .leaf("Bucket", bucket.text())
                .leaf("Key", key.toString())
                .leaf("ETag", etag.quoted())
                .toBytes();
        return response.header("Content-Type", "application/xml").body(ByteSource.of(document));
    }

    private static String target(URI url, BucketName bucket, ObjectKey key, ETag etag) {
        String text = url.toASCIIString();
        String fragment = url.getRawFragment() == null ? "" : "#" + url.getRawFragment();
        String before = text.substring(0, text.length() - fragment.length());
        return before
                + (url.getRawQuery() == null ? "?" : "&")
                + "bucket="
                + PercentCoding.encode(bucket.text().getBytes(UTF_8))
                + "&key="
                + PercentCoding.encode(key.bytes())
                + "&etag="
                + PercentCoding.encode(etag.quoted().getBytes(UTF_8))
                + fragment;
    }
}
