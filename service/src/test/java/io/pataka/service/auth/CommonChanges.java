package io.pataka.service.auth;

import io.pataka.service.protocol.S3Error;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Changes that are the same in several forms. */
final class CommonChanges {

    private CommonChanges() {}

    /**
     * Method, path and query.
     *
     * @param parameters those that are signed
     * @param slashCounts whether {@code /bucket/} is another path than {@code /bucket}
     */
    static List<Change> ofTheTarget(WireRequest signed, List<String> parameters, boolean slashCounts) {
        List<Change> changes = new ArrayList<>();
        for (String method : List.of("GET", "HEAD", "PUT", "POST", "DELETE")) {
            if (!method.equals(signed.method())) {
                changes.add(Change.routed("method " + method, signed.method(method)));
            }
        }
        String path = signed.path();
        int slash = path.indexOf('/', 1);
        if (path.length() > 1) {
            String bucket = slash < 0 ? path : path.substring(0, slash);
            changes.add(Change.routed(
                    "another bucket", signed.path(WireRequest.flipped(bucket) + path.substring(bucket.length()))));
        }
        if (slash > 0) {
            changes.add(Change.routed("another key", signed.path(WireRequest.flipped(path))));
            changes.add(Change.routed("a longer key", signed.path(path + "%20")));
        } else if (path.length() > 1 && slashCounts) {
            changes.add(Change.routed("a slash more", signed.path(path + "/")));
        }
        for (String name : parameters) {
            changes.add(Change.routed(
                    "another value of " + name, signed.parameter(name, WireRequest.flipped(signed.parameter(name)))));
            changes.add(Change.routed("without " + name, signed.withoutParameter(name)));
        }
        return changes;
    }

    /** Another value, and none. A request without a host is not HTTP/1.1, and is refused before its signature is checked. */
    static List<Change> ofHeader(WireRequest signed, String name) {
        List<Change> changes = new ArrayList<>();
        changes.add(Change.routed(
                "another " + name,
                signed.header(name, WireRequest.flipped(signed.headers().get(name)))));
        if (!name.equals("host")) {
            changes.add(Change.routed("without " + name, signed.withoutHeader(name)));
        }
        return changes;
    }

    /** A bit at either end, a byte less, a byte more, nothing at all. */
    static List<Change> ofTheBody(WireRequest signed, byte[] content, S3Error... answers) {
        return List.of(
                Change.of("the first bit of the body", signed.body(WireRequest.flipped(content, 0)), answers),
                Change.of(
                        "a bit of the body's last byte",
                        signed.body(WireRequest.flipped(content, content.length - 1)),
                        answers),
                Change.of("a body cut short", signed.body(Arrays.copyOf(content, content.length - 1)), answers),
                Change.of("a longer body", signed.body(Arrays.copyOf(content, content.length + 1)), answers),
                Change.of("no body", signed.body(new byte[0]), answers));
    }
}
