package io.pataka.service.website;

import io.pataka.service.protocol.S3Exception;
import io.pataka.service.protocol.S3Response;
import java.util.Objects;
import java.util.Optional;

/**
 * What a website answers: a response, or an error for which the server makes a page, or both if the error document of the website is sent.
 *
 * @param response without the headers of the error
 * @param error why the request does not get what it names
 * @param documentError why the error document of the website is not sent either
 */
public record WebsiteAnswer(
        Optional<S3Response> response, Optional<S3Exception> error, Optional<S3Exception> documentError) {

    public WebsiteAnswer {
        Objects.requireNonNull(response);
        Objects.requireNonNull(error);
        Objects.requireNonNull(documentError);
    }

    static WebsiteAnswer of(S3Response response) {
        return new WebsiteAnswer(Optional.of(response), Optional.empty(), Optional.empty());
    }

    static WebsiteAnswer redirect(int status, String location) {
        return of(S3Response.status(status).header("Location", location));
    }

    static WebsiteAnswer document(S3Exception error, S3Response document) {
        return new WebsiteAnswer(Optional.of(document), Optional.of(error), Optional.empty());
    }

    static WebsiteAnswer error(S3Exception error) {
        return new WebsiteAnswer(Optional.empty(), Optional.of(error), Optional.empty());
    }

    static WebsiteAnswer error(S3Exception error, S3Exception documentError) {
        return new WebsiteAnswer(Optional.empty(), Optional.of(error), Optional.of(documentError));
    }
}
