package io.pataka.service.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.pataka.service.model.ByteSource;
import io.pataka.service.protocol.PercentCoding;
import io.pataka.service.protocol.S3Exception;
import io.pataka.service.protocol.S3Response;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jetty.http.HttpStatus;

/**
 * The page of an error of a website, and the headers that tell programs which error it is. Keys and other texts of clients are escaped in
 * both.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/CustomErrorDocSupport.html">AWS: error documents</a>
 */
final class ErrorPage {

    /** Of a header value, in characters; less than the server sends of all headers. */
    private static final int MOST = 4096;

    private ErrorPage() {}

    /**
     * @param ofDocument why the error document of the website is not sent; empty if the website has none
     */
    static S3Response of(S3Exception error, Optional<S3Exception> ofDocument, RequestId id) {
        String title = title(error.error().status());
        StringBuilder html = new StringBuilder("<html>\n<head><title>")
                .append(title)
                .append("</title></head>\n<body>\n<h1>")
                .append(title)
                .append("</h1>\n<ul>\n");
        describe(error, html);
        item("RequestId", id.text(), html);
        item("HostId", id.hostId(), html);
        html.append("</ul>\n");
        ofDocument.ifPresent(second -> {
            html.append("<h3>An Error Occurred While Attempting to Retrieve a Custom Error Document</h3>\n<ul>\n");
            describe(second, html);
            html.append("</ul>\n");
        });
        html.append("<hr/>\n</body>\n</html>\n");
        return S3Response.status(error.error().status())
                .header("Content-Type", "text/html; charset=utf-8")
                .headers(error.headers())
                .headers(headers(error))
                .body(ByteSource.of(html.toString().getBytes(UTF_8)));
    }

    /** {@code x-amz-error-code}, {@code -message}, and {@code -detail-} with each detail. */
    static Map<String, String> headers(S3Exception error) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("x-amz-error-code", error.error().code());
        headers.put("x-amz-error-message", printable(error.getMessage()));
        error.details().forEach((name, value) -> headers.put("x-amz-error-detail-" + name, printable(value)));
        return headers;
    }

    private static String title(int status) {
        String reason = HttpStatus.getMessage(status);
        return status + " " + reason;
    }

    private static void describe(S3Exception error, StringBuilder html) {
        item("Code", error.error().code(), html);
        item("Message", error.getMessage(), html);
        error.details().forEach((name, value) -> item(name, value, html));
    }

    private static void item(String name, String value, StringBuilder html) {
        html.append("<li>").append(name).append(": ").append(escaped(value)).append("</li>\n");
    }

    private static String escaped(String text) {
        StringBuilder html = new StringBuilder(text.length() + 16);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '&' -> html.append("&amp;");
                case '<' -> html.append("&lt;");
                case '>' -> html.append("&gt;");
                case '"' -> html.append("&quot;");
                case '\'' -> html.append("&#39;");
                default -> html.append(c);
            }
        }
        return html.toString();
    }

    /** Escapes what a header value cannot have, byte by byte as in a URI. */
    private static String printable(String text) {
        StringBuilder value = new StringBuilder(text.length() + 16);
        text.codePoints().limit(MOST).forEach(c -> {
            boolean isKept = c >= 0x20 && c < 0x7F && c != '%';
            String one = Character.toString(c);
            value.append(isKept ? one : PercentCoding.encode(one.getBytes(UTF_8)));
        });
        return value.length() > MOST ? value.substring(0, MOST) : value.toString();
    }
}
