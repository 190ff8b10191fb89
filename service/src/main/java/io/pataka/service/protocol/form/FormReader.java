package io.pataka.service.protocol.form;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Map;
import java.util.Objects;
import org.apache.commons.fileupload2.core.FileUploadException;
import org.apache.commons.fileupload2.core.MultipartInput;
import org.apache.commons.fileupload2.core.ParameterParser;

/**
 * Parses {@code multipart/form-data} while it arrives. Fields after the file are ignored, as by AWS, except a second file.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7578">RFC 7578</a>
 */
final class FormReader {

    private static final String FILE = "file";
    private static final int BUFFER = 64 * 1024;
    private static final int MAX_PART_HEAD = 8 * 1024;

    private final InputStream body;
    private final MultipartInput parts;

    FormReader(InputStream body, byte[] boundary) throws IOException {
        this.body = body;
        try {
            parts = MultipartInput.builder()
                    .setInputStream(body)
                    .setBoundary(boundary)
                    .setBufferSize(BUFFER)
                    .setMaxPartHeaderSize(MAX_PART_HEAD)
                    .get();
        } catch (IllegalArgumentException noSuchBoundary) {
            throw malformed();
        }
        parts.setHeaderCharset(ISO_8859_1);
    }

    /** @throws S3Exception MalformedPOSTRequest when the media type has no boundary */
    static byte[] boundary(String contentType) {
        ParameterParser parser = new ParameterParser();
        parser.setLowerCaseNames(true);
        String boundary = parser.parse(contentType, ';').get("boundary");
        if (boundary == null || boundary.isEmpty()) {
            throw malformed();
        }
        return boundary.getBytes(ISO_8859_1);
    }

    PostForm read() throws IOException {
        FormFields.Builder fields = new FormFields.Builder();
        try {
            for (boolean more = parts.skipPreamble(); more; more = parts.readBoundary()) {
                Map<String, String> disposition = disposition();
                String name = parameter(disposition, "name");
                if (name.equalsIgnoreCase(FILE)) {
                    FormFields sent = fields.build();
                    return new PostForm(
                            disposition.containsKey("filename")
                                    ? sent.withFilename(bytewise(parameter(disposition, "filename")))
                                    : sent,
                            new File(parts.newInputStream()));
                }
                fields.add(name, value(fields.remaining()));
            }
        } catch (FileUploadException broken) {
            throw outcome(broken);
        }
        throw new S3Exception(S3Error.INVALID_ARGUMENT, "POST requires exactly one file upload per request.")
                .argument(FILE, "0");
    }

    private Map<String, String> disposition() throws IOException {
        for (String line : parts.readHeaders().split("\r\n")) {
            int colon = line.indexOf(':');
            if (colon > 0 && line.substring(0, colon).trim().equalsIgnoreCase("content-disposition")) {
                ParameterParser parser = new ParameterParser();
                parser.setLowerCaseNames(true);
                return parser.parse(line.substring(colon + 1), ';');
            }
        }
        throw malformed();
    }

    /** Empty for a missing parameter. The parser returns null for an empty value. */
    private static String parameter(Map<String, String> disposition, String name) {
        return Objects.requireNonNullElse(disposition.get(name), "");
    }

    /** The bytes of the part, at most one more than remain. */
    private String value(int remaining) throws IOException {
        return new String(parts.newInputStream().readNBytes(remaining + 1), ISO_8859_1);
    }

    /** The parser has already decoded a percent-encoded name (RFC 5987). */
    private static String bytewise(String filename) {
        boolean isDecoded = filename.chars().anyMatch(c -> c > 0xFF);
        return isDecoded ? new String(filename.getBytes(UTF_8), ISO_8859_1) : filename;
    }

    /** Reads the rest of the form after the file. */
    private void requireNoOtherFile() throws IOException {
        while (parts.readBoundary()) {
            if (parameter(disposition(), "name").equalsIgnoreCase(FILE)) {
                throw new S3Exception(S3Error.INCORRECT_NUMBER_OF_FILES);
            }
            parts.discardBodyData();
        }
    }

    /** The error for a body that ended before the form, or for a client that disconnected. */
    private static IOException outcome(FileUploadException broken) {
        boolean isEnd = broken.getCause() == null || broken.getCause().getClass() == IOException.class;
        if (isEnd) {
            throw malformed();
        }
        return broken;
    }

    private static S3Exception malformed() {
        return new S3Exception(S3Error.MALFORMED_POST_REQUEST);
    }

    /** The file. At its end the rest of the form and of the body are read and checked. */
    private final class File extends InputStream {

        private final InputStream in;
        private boolean ended;

        File(InputStream part) {
            this.in = part;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            try {
                int count = ended ? -1 : in.read(buffer, offset, length);
                if (count < 0 && !ended) {
                    requireNoOtherFile();
                    body.transferTo(OutputStream.nullOutputStream());
                    ended = true;
                }
                return count;
            } catch (FileUploadException broken) {
                throw outcome(broken);
            }
        }

        /** Does not read the rest: the HTTP layer discards what is left of a body. */
        @Override
        public void close() {
            ended = true;
        }
    }
}
