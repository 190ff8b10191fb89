package io.pataka.service.protocol.form;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.pataka.service.model.ObjectKey;
import io.pataka.service.protocol.RequestBody;
import io.pataka.service.protocol.RequestHeaders;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import io.pataka.service.protocol.S3Request;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A browser's form, read up to its file. The file is the rest of the body and is streamed.
 *
 * @param fields with the file's name, if it has one, in place of {@code ${filename}}
 * @param file ends at the form's end, which is checked before the end is reported
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/RESTObjectPOST.html">AWS: POST Object</a>
 */
public record PostForm(FormFields fields, InputStream file) {

    /**
     * @throws S3Exception MalformedPOSTRequest; InvalidArgument when there is no file or a field twice;
     *     MaxPostPreDataLengthExceeded when the fields are too long
     * @throws IOException when the client goes away
     */
    public static PostForm read(S3Request request) throws IOException {
        String contentType = request.headers().first("content-type").orElse("");
        return new FormReader(request.body().open(), FormReader.boundary(contentType)).read();
    }

    /**
     * The equivalent PutObject request.
     *
     * @param sizes the allowed sizes of the file
     * @throws S3Exception InvalidArgument when the form names no key; KeyTooLongError
     */
    public S3Request asPut(S3Request posted, SizeRange sizes) {
        return new S3Request(
                posted.requestId(),
                posted.operation(),
                posted.bucket(),
                Optional.of(key()),
                posted.parameters(),
                fields.asHeaders(posted.headers()),
                new FileBody(new SizedFile(file, sizes)),
                posted.raw());
    }

    /**
     * The key that the form names.
     *
     * @throws S3Exception InvalidArgument when it names none, or one that is not UTF-8; KeyTooLongError
     */
    public ObjectKey key() {
        String key = fields.first("key")
                .orElseThrow(() -> invalidKey(
                        "Bucket POST must contain a field named 'key'.  If it is specified, please check the order of"
                                + " the fields."));
        if (key.isEmpty()) {
            throw invalidKey("User key must have a length greater than 0.");
        }
        if (key.length() > ObjectKey.MAX_LENGTH) {
            throw new S3Exception(S3Error.KEY_TOO_LONG)
                    .with("Size", Integer.toString(key.length()))
                    .with("MaxSizeAllowed", Integer.toString(ObjectKey.MAX_LENGTH));
        }
        ObjectKey named = ObjectKey.of(key.getBytes(ISO_8859_1));
        if (!named.isUtf8()) {
            throw invalidKey("User key must be encoded as UTF-8.");
        }
        return named;
    }

    private static S3Exception invalidKey(String message) {
        return new S3Exception(S3Error.INVALID_ARGUMENT, message).argument("key", "");
    }

    /** The length is not known before the end. */
    private record FileBody(InputStream open) implements RequestBody {

        @Override
        public OptionalLong length() {
            return OptionalLong.empty();
        }

        @Override
        public RequestHeaders trailers() {
            return RequestHeaders.none();
        }
    }
}
