package io.pataka.service.operation.encryption;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.pataka.service.testing.EmbeddedMariaDb;
import io.pataka.service.testing.KeyRings;
import io.pataka.service.testing.S3Connection;
import io.pataka.service.testing.S3Connection.Body;
import io.pataka.service.testing.S3Connection.Reply;
import io.pataka.service.testing.S3Server;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.commons.codec.digest.DigestUtils;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whoever has the volumes and a dump of the database, but not the keys, has neither the bytes of encrypted objects nor the keys. Each
 * text that is looked for is found where an object is not encrypted, so the test can find it.
 */
final class PlainTextAtRestIT {

    private static final String SSE = "x-amz-server-side-encryption";
    private static final byte[] KMS_KEY = "0123456789abcdef0123456789ABCDEF".getBytes(US_ASCII);
    private static final String CUSTOMER = SSE + "-customer-";
    private static final String COPY_CUSTOMER = "x-amz-copy-source-server-side-encryption-customer-";

    @TempDir
    private static Path folder;

    private static S3Server server;
    private static String ring;

    /** The bytes of all files on the volume, and the statements of a dump. */
    private static String volume;

    private static String dump;

    /** How the objects are written; the first are not encrypted. */
    private enum Mode {
        NONE(Map.of()),
        S3(Map.of(SSE, "AES256")),
        KMS(Map.of(SSE, "aws:kms", SSE + "-aws-kms-key-id", "lab")),
        CUSTOMER_KEY(CustomerHeaders.FIRST.headers());

        private final Map<String, String> headers;

        Mode(Map<String, String> headers) {
            this.headers = headers;
        }

        private Map<String, String> keyHeaders() {
            return this == CUSTOMER_KEY ? headers : Map.of();
        }

        private String marker(String what) {
            return "the plain text of " + what + " with " + this + "; ";
        }

        /** 200,000 bytes, so that the blob has several blocks. */
        private byte[] text(String what) {
            return Arrays.copyOf(marker(what).repeat(10_000).getBytes(US_ASCII), 200_000);
        }
    }

    @BeforeAll
    static void writeAndCollect() throws Exception {
        Path keys = folder.resolve("kms.yml");
        Files.createFile(keys, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(keys, "lab: " + Base64.getEncoder().encodeToString(KMS_KEY) + "\n");
        Path ringFile = folder.resolve("keyring.yml");
        KeyRings.readOrCreate(ringFile);
        ring = Files.readString(ringFile);
        server = S3Server.own(
                        "encryption: {keyRing: '" + ringFile + "', requireTls: false, kms: {keysFile: '" + keys + "'}}")
                .start();
        try (S3Connection wire = server.connect()) {
            send(wire, "PUT", "/rest", Map.of(), new byte[0]);
            for (Mode mode : Mode.values()) {
                write(wire, mode);
            }
        }
        volume = allFiles(server.volume());
        String url = server.database().url();
        String schema = url.replaceAll("\\?.*", "").replaceAll(".*/", "");
        dump = Files.readString(EmbeddedMariaDb.shared().dump(schema, folder.resolve("dump.sql")), ISO_8859_1);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static Reply send(S3Connection wire, String method, String target, Map<String, String> headers, byte[] body)
            throws IOException {
        Reply reply = wire.call(method, target, headers, Body.of(body));
        assertThat(reply.status()).as("%s %s: %s", method, target, reply.text()).isEqualTo(200);
        return reply;
    }

    private static Map<String, String> with(Map<String, String> headers, String name, String value) {
        Map<String, String> all = new TreeMap<>(headers);
        all.put(name, value);
        return all;
    }

    /** By every operation that writes bytes. */
    private static void write(S3Connection wire, Mode mode) throws IOException {
        String path = "/rest/" + mode;
        send(wire, "PUT", path, with(mode.headers, "x-amz-meta-mark", "metadata-" + mode), mode.text("PutObject"));
        send(wire, "PUT", path + "-log", mode.headers, mode.text("PutObject"));
        send(
                wire,
                "PUT",
                path + "-log",
                with(mode.keyHeaders(), "x-amz-write-offset-bytes", "200000"),
                mode.text("appends"));

        String begun = send(wire, "POST", path + "-parts?uploads=", mode.headers, new byte[0])
                .text();
        String upload = begun.substring(begun.indexOf("<UploadId>") + 10, begun.indexOf("</UploadId>"));
        String parts = path + "-parts?partNumber=";
        byte[] large = Arrays.copyOf(mode.marker("UploadPart").repeat(200_000).getBytes(US_ASCII), 5 << 20);
        String first = etag(send(wire, "PUT", parts + "1&uploadId=" + upload, mode.keyHeaders(), large));
        Map<String, String> source = new TreeMap<>(mode.keyHeaders());
        mode.keyHeaders().forEach((name, value) -> source.put(name.replace(CUSTOMER, COPY_CUSTOMER), value));
        source.put("x-amz-copy-source", "rest/" + mode);
        String copied = send(wire, "PUT", parts + "2&uploadId=" + upload, source, new byte[0])
                .text();
        String second = copied.replaceAll("(?s).*<ETag>(?:&quot;|\")?([0-9a-f]+).*", "$1");
        String list = "<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>" + first
                + "</ETag></Part><Part><PartNumber>2</PartNumber><ETag>" + second
                + "</ETag></Part></CompleteMultipartUpload>";
        send(wire, "POST", path + "-parts?uploadId=" + upload, mode.keyHeaders(), list.getBytes(US_ASCII));

        Map<String, String> copy = new TreeMap<>(source);
        copy.putAll(mode.headers);
        send(wire, "PUT", path + "-copy", copy, new byte[0]);
        send(wire, "PUT", path + "-rewritten", with(copy, "x-amz-storage-class", "STANDARD_IA"), new byte[0]);
    }

    private static String etag(Reply reply) {
        return reply.header("ETag").orElseThrow().replace("\"", "");
    }

    private static String allFiles(Path folder) throws IOException {
        StringBuilder all = new StringBuilder();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                all.append(Files.readString(file, ISO_8859_1));
            }
        }
        return all.toString();
    }

    @Test
    void everyObjectReadsAsItWasWritten() throws IOException {
        try (S3Connection wire = server.connect()) {
            for (Mode mode : Mode.values()) {
                for (String key : List.of("", "-copy", "-rewritten")) {
                    Reply reply = wire.call("GET", "/rest/" + mode + key, mode.keyHeaders(), Body.NONE);
                    assertThat(reply.body()).as(mode + key).isEqualTo(mode.text("PutObject"));
                }
                String parts = wire.call("GET", "/rest/" + mode + "-parts", mode.keyHeaders(), Body.NONE)
                        .text();
                assertThat(parts).hasSize((5 << 20) + 200_000).endsWith(new String(mode.text("PutObject"), US_ASCII));
                String log = wire.call("GET", "/rest/" + mode + "-log", mode.keyHeaders(), Body.NONE)
                        .text();
                assertThat(log).hasSize(400_000).endsWith(new String(mode.text("appends"), US_ASCII));
            }
        }
    }

    @Test
    void theVolumesHaveThePlainTextOfPlainObjectsOnly() {
        for (Mode mode : Mode.values()) {
            for (String what : List.of("PutObject", "appends", "UploadPart")) {
                assertThat(volume.contains(mode.marker(what)))
                        .as("%s %s", what, mode)
                        .isEqualTo(mode == Mode.NONE);
            }
        }
    }

    /** Neither as text nor as bytes. */
    @Test
    void theVolumesHaveDigestsOfPlainObjectsOnly() {
        for (Mode mode : Mode.values()) {
            byte[] md5 = DigestUtils.md5(mode.text("PutObject"));
            assertThat(volume.contains(new String(md5, ISO_8859_1))
                            || volume.contains(HexFormat.of().formatHex(md5)))
                    .as("%s", mode)
                    .isEqualTo(mode == Mode.NONE);
        }
    }

    @Test
    void theDatabaseHasMetadataAndNoText() {
        for (Mode mode : Mode.values()) {
            assertThat(dump).contains("metadata-" + mode);
            for (String what : List.of("PutObject", "appends", "UploadPart")) {
                assertThat(dump.contains(mode.marker(what)))
                        .as("%s %s", what, mode)
                        .isFalse();
            }
        }
    }

    /** With the MD5 in the database, the content of an object could be recognised by whoever has the dump. */
    @Test
    void theDatabaseHasNoMd5OfAnObjectWithACustomersKey() {
        for (Mode mode : Mode.values()) {
            String md5 = DigestUtils.md5Hex(mode.text("PutObject"));
            assertThat(dump.contains(md5)).as("%s", mode).isEqualTo(mode != Mode.CUSTOMER_KEY);
        }
    }

    @Test
    void noKeyIsOnTheVolumesOrInTheDatabase() {
        Map<String, byte[]> keys = new LinkedHashMap<>();
        keys.put("the customer's key", Base64.getDecoder().decode(CustomerHeaders.FIRST.key()));
        keys.put("the MD5 of the customer's key", Base64.getDecoder().decode(CustomerHeaders.FIRST.md5()));
        keys.put("the key of the key manager", KMS_KEY);
        List<String> secrets = ring.lines()
                .map(line -> line.replaceAll(".*?([A-Za-z0-9+/]{43}=).*", "$1"))
                .filter(word -> word.matches("[A-Za-z0-9+/]{43}="))
                .toList();
        assertThat(secrets).isNotEmpty();
        secrets.forEach(
                secret -> keys.put("a key of the ring", Base64.getDecoder().decode(secret)));
        keys.forEach((name, key) -> {
            for (String text : List.of(
                    new String(key, ISO_8859_1),
                    Base64.getEncoder().encodeToString(key),
                    HexFormat.of().formatHex(key),
                    HexFormat.of().withUpperCase().formatHex(key))) {
                assertThat(volume.contains(text)).as(name).isFalse();
                assertThat(dump.contains(text)).as(name).isFalse();
            }
        });
    }
}
