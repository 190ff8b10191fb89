package io.pataka.service.durability;

import static org.assertj.core.api.Assertions.assertThat;

import io.pataka.service.testing.S3Connection;
import io.pataka.service.testing.S3Connection.Reply;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Compares the objects of a bucket with what its clients know, while no client writes. */
final class LedgerCheck {

    private static final Pattern LISTED = Pattern.compile(
            "<Contents><Key>([^<]+)</Key>.*?<ETag>([^<]+)</ETag>.*?<Size>([0-9]+)</Size>.*?</Contents>",
            Pattern.DOTALL);

    private final S3Connection connection;
    private final String bucket;
    private final String when;

    private LedgerCheck(S3Connection connection, String bucket, String when) {
        this.connection = connection;
        this.bucket = bucket;
        this.when = when;
    }

    /**
     * Reads every key of the ledgers, and the listing of the bucket, which has no other keys. From now on the ledgers know which of the
     * possible writes was the last.
     *
     * @param when for messages
     */
    static void check(S3Connection connection, String bucket, List<Ledger> ledgers, String when) throws IOException {
        new LedgerCheck(connection, bucket, when).check(ledgers);
    }

    private void check(List<Ledger> ledgers) throws IOException {
        Map<String, Writing> visible = new TreeMap<>();
        for (Ledger ledger : ledgers) {
            for (String key : ledger.keys()) {
                Optional<Writing> found = read(key);
                assertThat(ledger.possible(key))
                        .as("%s %s is %s", when, key, found)
                        .contains(found);
                ledger.seen(key, found);
                found.ifPresent(writing -> visible.put(key, writing));
            }
        }
        checkListing(visible);
    }

    private Optional<Writing> read(String key) throws IOException {
        Reply reply = connection.call("GET", "/" + bucket + "/" + key);
        if (reply.status() == 404) {
            return Optional.empty();
        }
        assertThat(reply.status()).as("%s GET %s: %s", when, key, reply.text()).isEqualTo(200);
        Writing writing = Writing.of(reply, key + " " + when);
        assertThat(reply.header("content-type")).contains(writing.contentType());
        return Optional.of(writing);
    }

    private void checkListing(Map<String, Writing> visible) throws IOException {
        Reply reply = connection.call("GET", "/" + bucket + "?list-type=2");
        Map<String, String> listed = new TreeMap<>();
        for (Matcher line = LISTED.matcher(reply.text()); line.find(); ) {
            listed.put(line.group(1), line.group(2).replace("&quot;", "\"") + ' ' + line.group(3));
        }
        Map<String, String> expected = new TreeMap<>();
        visible.forEach((key, writing) -> expected.put(key, writing.etag() + ' ' + writing.size()));
        assertThat(listed).as("%s the listing %s", when, reply.text()).isEqualTo(expected);
    }
}
