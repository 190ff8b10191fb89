package io.pataka.service.operation.encryption;

import static org.assertj.core.api.Assertions.assertThat;

import io.pataka.service.metadata.DatabaseSettings;
import io.pataka.service.testing.NewBucket;
import io.pataka.service.testing.S3Connection;
import io.pataka.service.testing.S3Connection.Body;
import io.pataka.service.testing.S3Connection.Reply;
import io.pataka.service.testing.S3Server;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Encrypted objects whose rows or files somebody exchanged: every operation that reads bytes refuses, and sends none of them. */
final class TamperedObjectsIT {

    private static final int BLOCK = 65_536;
    private static final int SIZE = 200_000;
    private static final String SSE = "x-amz-server-side-encryption";

    @RegisterExtension
    static final S3Server SERVER = S3Server.own();

    private final S3Connection wire;
    private final String bucket;

    TamperedObjectsIT(S3Connection wire, @NewBucket String bucket) {
        this.wire = wire;
        this.bucket = bucket;
    }

    /** How the objects are encrypted. */
    private enum Mode {
        S3(Map.of(SSE, "AES256"), Map.of()),
        CUSTOMER(CustomerHeaders.FIRST.headers(), CustomerHeaders.FIRST.headers());

        private final Map<String, String> toWrite;
        private final Map<String, String> toRead;

        Mode(Map<String, String> toWrite, Map<String, String> toRead) {
            this.toWrite = toWrite;
            this.toRead = toRead;
        }

        private Map<String, String> reading(String name, String value) {
            Map<String, String> headers = new TreeMap<>(toRead);
            headers.put(name, value);
            return headers;
        }

        private Map<String, String> copying(String source) {
            Map<String, String> headers = new TreeMap<>();
            toRead.forEach((name, value) -> headers.put(name.replace("x-amz-", "x-amz-copy-source-"), value));
            headers.put("x-amz-copy-source", source);
            return headers;
        }
    }

    private static byte[] bytes(int seed) {
        byte[] bytes = new byte[SIZE];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    private Path put(Mode mode, String key, int seed) throws IOException {
        return SERVER.fileOf(() -> {
            Reply reply = wire.call("PUT", "/" + bucket + "/" + key, mode.toWrite, Body.of(bytes(seed)));
            assertThat(reply.status()).as(reply.text()).isEqualTo(200);
            assertThat(reply.head()).containsIgnoringCase("x-amz-server-side-encryption");
        });
    }

    private void assertRead(Mode mode, String key, int seed) throws IOException {
        assertThat(wire.call("GET", "/" + bucket + "/" + key, mode.toRead, Body.NONE)
                        .body())
                .isEqualTo(bytes(seed));
    }

    private void assertRefused(Mode mode, String key) throws IOException {
        String target = "/" + bucket + "/" + key;
        assertLost(wire.call("GET", target, mode.toRead, Body.NONE));
        assertLost(wire.call("GET", target, mode.reading("Range", "bytes=0-9"), Body.NONE));
        assertLost(wire.call("GET", target, mode.reading("Range", "bytes=70000-140000"), Body.NONE));
        assertLost(wire.call("GET", target, mode.reading("Range", "bytes=-1"), Body.NONE));
        assertLost(wire.call("GET", target + "?partNumber=1", mode.toRead, Body.NONE));
        assertLost(wire.call("PUT", target + "-copy", mode.copying(bucket + "/" + key), Body.NONE));
        assertThat(wire.call("HEAD", target + "-copy", Map.of(), Body.NONE).status())
                .isEqualTo(404);
        String begun = wire.call("POST", target + "-upload?uploads=").text();
        String upload = begun.substring(begun.indexOf("<UploadId>") + 10, begun.indexOf("</UploadId>"));
        assertLost(wire.call(
                "PUT",
                target + "-upload?partNumber=1&uploadId=" + upload,
                mode.copying(bucket + "/" + key),
                Body.NONE));
    }

    private static void assertLost(Reply reply) {
        assertThat(reply.status()).as(reply.text()).isEqualTo(409);
        assertThat(reply.text()).contains("<Code>ObjectContentLost</Code>");
    }

    private void sql(String statement, Object... values) throws SQLException {
        DatabaseSettings access = SERVER.database();
        try (Connection connection = DriverManager.getConnection(access.url(), access.user(), access.password());
                PreparedStatement prepared = connection.prepareStatement(statement)) {
            for (int i = 0; i < values.length; i++) {
                prepared.setObject(i + 1, values[i]);
            }
            assertThat(prepared.executeUpdate()).isPositive();
        }
    }

    /** Gives an object in this bucket a column of another one. */
    private void take(String column, String key, String from) throws SQLException {
        sql(
                "UPDATE object_current a JOIN object_current b ON b.bucket_id = a.bucket_id AND b.object_key = ?"
                        + " SET a." + column + " = b." + column
                        + " WHERE a.object_key = ? AND a.bucket_id = (SELECT id FROM bucket WHERE name = ?)",
                from,
                key,
                bucket);
    }

    @ParameterizedTest
    @EnumSource(Mode.class)
    void aRowWithTheBlobOfAnotherObject(Mode mode) throws Exception {
        put(mode, "one", 1);
        put(mode, "two", 2);
        take("blob_id", "one", "two");

        assertRefused(mode, "one");

        assertRead(mode, "two", 2);
    }

    @ParameterizedTest
    @EnumSource(Mode.class)
    void aRowWithTheKeyOfAnotherObject(Mode mode) throws Exception {
        put(mode, "one", 1);
        put(mode, "two", 2);
        take("facts", "one", "two");

        assertRefused(mode, "one");

        assertRead(mode, "two", 2);
    }

    /** The row says that the object ends where a block ends. */
    @ParameterizedTest
    @EnumSource(Mode.class)
    void aRowWithASmallerSize(Mode mode) throws Exception {
        put(mode, "one", 1);
        sql(
                "UPDATE object_current SET size = ? WHERE object_key = 'one'"
                        + " AND bucket_id = (SELECT id FROM bucket WHERE name = ?)",
                BLOCK - 16,
                bucket);

        assertLost(wire.call("GET", "/" + bucket + "/one", mode.toRead, Body.NONE));
    }

    @ParameterizedTest
    @EnumSource(Mode.class)
    void aFlippedBitInAFile(Mode mode) throws Exception {
        Path file = put(mode, "one", 1);
        byte[] bytes = Files.readAllBytes(file);
        bytes[BLOCK + 7] ^= 1;
        Files.write(file, bytes);

        assertLost(wire.call("GET", "/" + bucket + "/one", mode.reading("Range", "bytes=70000-140000"), Body.NONE));
    }

    @ParameterizedTest
    @EnumSource(Mode.class)
    void aFileOfAnotherObject(Mode mode) throws Exception {
        Path one = put(mode, "one", 1);
        Path two = put(mode, "two", 2);
        Files.copy(two, one, StandardCopyOption.REPLACE_EXISTING);

        assertRefused(mode, "one");
        assertRead(mode, "two", 2);
    }
}
