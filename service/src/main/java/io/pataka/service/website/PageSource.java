package io.pataka.service.website;

import io.pataka.service.model.ObjectKey;
import io.pataka.service.protocol.S3Exception;
import io.pataka.service.protocol.S3Response;
import java.io.IOException;

/** Reads the objects of a website's bucket for the client of a request, who is anonymous. Each read is authorised by itself. */
public interface PageSource {

    /**
     * What GetObject answers, or HeadObject if the client sent HEAD, with the range and the conditions of the request.
     *
     * @throws S3Exception as these operations do
     * @throws IOException when the object cannot be read
     */
    S3Response page(ObjectKey key) throws IOException;

    /** As {@link #page}, without the range and the conditions of the request. */
    S3Response whole(ObjectKey key) throws IOException;

    /** What HeadObject answers, without the range and the conditions of the request. */
    S3Response describe(ObjectKey key) throws IOException;
}
