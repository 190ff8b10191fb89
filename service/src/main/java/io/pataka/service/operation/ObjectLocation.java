package io.pataka.service.operation;

import io.pataka.service.access.AdmittedCall;
import io.pataka.service.protocol.PercentCoding;
import io.pataka.service.protocol.Route.Resource;

/** The URL under which a call's object is. */
public final class ObjectLocation {

    private ObjectLocation() {}

    /**
     * On the host that the client called, which names the bucket if the path of the request did not. The key is one segment of
     * the path, as Amazon has it: a slash in it is encoded.
     */
    public static String of(AdmittedCall call) {
        String scheme = call.request().raw().secure() ? "https://" : "http://";
        String host = call.request().raw().headers().first("host").orElse("");
        String bucket = pathNamesBucket(call) ? "/" + call.bucketName() : "";
        return scheme + host + bucket + "/" + PercentCoding.encode(call.key().bytes());
    }

    private static boolean pathNamesBucket(AdmittedCall call) {
        boolean pathNamesKey = call.request().operation().route().resource() == Resource.OBJECT;
        int length = PercentCoding.decodePath(call.request().raw().path()).length;
        return length > 1 + (pathNamesKey ? call.key().length() : 0);
    }
}
