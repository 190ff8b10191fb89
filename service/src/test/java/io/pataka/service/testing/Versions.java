package io.pataka.service.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.pataka.service.testing.S3Connection.Body;
import io.pataka.service.testing.S3Connection.Reply;
import java.io.IOException;
import java.util.Map;

/** Sets the versioning state of buckets. */
public final class Versions {

    private Versions() {}

    public static Reply set(S3Connection wire, String bucket, String status) throws IOException {
        String document = "<VersioningConfiguration xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Status>" + status
                + "</Status></VersioningConfiguration>";
        return wire.call("PUT", "/" + bucket + "?versioning=", Map.of(), Body.of(document.getBytes(UTF_8)));
    }
}
