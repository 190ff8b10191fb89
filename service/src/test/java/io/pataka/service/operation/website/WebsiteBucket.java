package io.pataka.service.operation.website;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.pataka.service.testing.S3Connection;
import io.pataka.service.testing.S3Connection.Body;
import io.pataka.service.testing.S3Connection.Reply;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;

/** A bucket whose website is tested, and its owner, all of whose requests must succeed. */
final class WebsiteBucket {

    private final S3Connection owner;
    private final String name;

    /** Makes a bucket in which ACLs count. */
    WebsiteBucket(S3Connection owner, String name) throws IOException {
        this.owner = owner;
        this.name = name;
        call("PUT", "", Map.of("x-amz-object-ownership", "ObjectWriter"), "");
    }

    /**
     * @param rest of the target, after the name of the bucket
     */
    Reply call(String method, String rest, Map<String, String> headers, String body) throws IOException {
        Reply reply = owner.call(method, "/" + name + rest, headers, Body.of(body.getBytes(UTF_8)));
        assertThat(reply.status()).as(reply.text()).isLessThan(300);
        return reply;
    }

    /**
     * @param elements of the website's configuration
     */
    void configure(String elements) throws IOException {
        call("PUT", "?website=", Map.of(), "<WebsiteConfiguration>" + elements + "</WebsiteConfiguration>");
    }

    /**
     * @param headers names and values in turn
     */
    void put(String key, String body, String... headers) throws IOException {
        Map<String, String> all = new TreeMap<>();
        for (int i = 0; i < headers.length; i += 2) {
            all.put(headers[i], headers[i + 1]);
        }
        call("PUT", "/" + key, all, body);
    }
}
