package io.pataka.service.operation.object;

import static io.pataka.service.testing.Sse.all;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.pataka.service.operation.InterruptedIndex;
import io.pataka.service.operation.StoreTestBed;
import io.pataka.service.protocol.S3Exception;
import io.pataka.service.protocol.S3Response;
import io.pataka.service.testing.Sse;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Encrypted objects that grow or get another key. */
final class EncryptedAppendTest {

    private static final byte[] NONE = {};

    @TempDir
    private static Path folder;

    private static StoreTestBed bed;

    /** What another client does between the two look-ups of an append. */
    private static final InterruptedIndex INDEX = new InterruptedIndex();

    @BeforeAll
    static void open() throws IOException {
        bed = new StoreTestBed(folder, UnaryOperator.identity(), INDEX::around, UnaryOperator.identity());
        bed.bucket("bucket");
    }

    @AfterAll
    static void close() {
        bed.close();
    }

    @BeforeEach
    void removeFormerObjects() {
        INDEX.meanwhile(null);
        for (String key : new String[] {"k", "new"}) {
            bed.send("DELETE", "/bucket/" + key, Map.of(), NONE);
        }
    }

    @ParameterizedTest
    @EnumSource(Sse.class)
    void anObjectThatIsBegunByAnAppendGrows(Sse sse) throws IOException {
        S3Response begun = append("0", "one ", sse.write());
        assertThat(begun.headers()).containsAllEntriesOf(sse.answer());

        S3Response grown = append("4", "two", sse.use());

        assertThat(grown.headers()).containsAllEntriesOf(sse.answer());
        assertThat(read("k", sse)).isEqualTo("one two");
        assertThat(read("k?partNumber=2", sse)).isEqualTo("two");
    }

    @ParameterizedTest
    @EnumSource(Sse.class)
    void anObjectGrowsAtAnOffset(Sse sse) throws IOException {
        put("one ", sse.write());

        S3Response grown = putAt("4", "two", sse.write());
        putAt("7", " three", sse.use());

        assertThat(grown.headers()).containsAllEntriesOf(sse.answer());
        assertThat(read("k", sse)).isEqualTo("one two three");
    }

    @Test
    void anObjectDoesNotGrowWithoutItsKey() throws IOException {
        put("one ", Sse.CUSTOMER.write());
        long before = bed.blobFiles();

        refuses(() -> putAt("4", "two", Map.of()), "InvalidRequest");
        refuses(() -> putAt("4", "two", Sse.OTHER_CUSTOMER.write()), "InvalidArgument");
        refuses(() -> putAt("4", "two", Sse.S3.write()), "InvalidRequest");
        assertThat(bed.blobFiles()).isEqualTo(before);
        assertThat(read("k", Sse.CUSTOMER)).isEqualTo("one ");
    }

    /** A client that asks for protection must not believe that it has it. */
    @ParameterizedTest
    @EnumSource(
            value = Sse.class,
            names = {"S3", "KMS", "CUSTOMER"})
    void anAppendDoesNotChangeTheEncryption(Sse asked) throws IOException {
        put("one ", Sse.NONE.write());
        refuses(() -> putAt("4", "two", asked.write()), "InvalidRequest");

        put("one ", Sse.OTHER_KMS.write());
        refuses(() -> putAt("4", "two", asked.write()), "InvalidRequest");
        assertThat(read("k", Sse.OTHER_KMS)).isEqualTo("one ");
    }

    /** The bytes that are added were encrypted with the key of the object that was there before. */
    @Test
    void anAppendIsRefusedWhenTheObjectWasReplacedMeanwhileByOneOfItsLength() throws IOException {
        put("one ", Sse.S3.write());
        long before = bed.blobFiles();
        INDEX.meanwhile(() -> put("1111", Sse.KMS.write()));

        refuses(() -> putAt("4", "two", Map.of()), "ConditionalRequestConflict");

        assertThat(bed.blobFiles()).as("the blob of the other client").isEqualTo(before + 1);
        assertThat(read("k", Sse.KMS)).isEqualTo("1111");
        INDEX.meanwhile(() -> bed.send("PUT", "/bucket/new", Sse.S3.write(), NONE));
        refuses(
                () -> bed.send("PUT", "/bucket/new", Map.of("x-amz-write-offset-bytes", "0"), "two".getBytes(UTF_8)),
                "ConditionalRequestConflict");
    }

    @ParameterizedTest
    @EnumSource(Sse.class)
    void anObjectKeepsItsKeyWhenItIsRenamed(Sse sse) throws IOException {
        put("content", sse.write());

        bed.send("PUT", "/bucket/new?renameObject", Map.of("x-amz-rename-source", "/bucket/k"), NONE);

        assertThat(read("new", sse)).isEqualTo("content");
    }

    private static void put(String content, Map<String, String> headers) {
        bed.send("PUT", "/bucket/k", headers, content.getBytes(UTF_8));
    }

    private static S3Response putAt(String offset, String content, Map<String, String> headers) {
        return bed.send(
                "PUT", "/bucket/k", all(Map.of("x-amz-write-offset-bytes", offset), headers), content.getBytes(UTF_8));
    }

    private static S3Response append(String position, String content, Map<String, String> headers) {
        return bed.send("PUT", "/bucket/k?append&position=" + position, headers, content.getBytes(UTF_8));
    }

    private static String read(String key, Sse sse) throws IOException {
        return new String(StoreTestBed.bytes(bed.send("GET", "/bucket/" + key, sse.use(), NONE)), UTF_8);
    }

    private static void refuses(ThrowingCallable request, String code) {
        S3Exception refused = catchThrowableOfType(S3Exception.class, request);
        assertThat(refused).as("nothing was refused").isNotNull();
        assertThat(refused.error().code()).isEqualTo(code);
    }
}
