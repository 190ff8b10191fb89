package io.pataka.service.operation;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.pataka.service.metadata.LostAnswers;
import io.pataka.service.metadata.MetadataUnavailableException;
import io.pataka.service.metadata.ObjectIndex;
import io.pataka.service.metadata.UploadLedger;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import io.pataka.service.protocol.S3Operation;
import io.pataka.service.protocol.xml.XmlElement;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.commons.codec.digest.DigestUtils;
import org.jdbi.v3.core.mapper.MappingException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Content is deleted only when it is certain that no row names it. Whatever fails after a commit, the object reads back whole. A
 * refused write leaves no blob.
 */
final class KeptContentTest {

    private static final byte[] BODY = "content of the object".getBytes(UTF_8);
    private static final byte[] NONE = {};
    private static final Set<String> WRITES = Set.of("publish", "append", "putPart");

    @TempDir
    private Path folder;

    private StoreTestBed bed;
    private Supplier<Throwable> before;
    private Supplier<Throwable> afterwards;

    @BeforeEach
    void open() throws IOException {
        bed = new StoreTestBed(
                folder,
                new LostAnswers()::around,
                index -> failing(ObjectIndex.class, index),
                uploads -> failing(UploadLedger.class, uploads));
        bed.bucket("bucket");
    }

    @AfterEach
    void close() {
        bed.close();
    }

    /** Writes, and fails before or afterwards. */
    private <T> T failing(Class<T> type, T real) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (proxy, method, values) -> {
                    boolean writes = WRITES.contains(method.getName());
                    if (writes && before != null) {
                        throw before.get();
                    }
                    try {
                        Object result = method.invoke(real, values);
                        if (writes && afterwards != null) {
                            throw afterwards.get();
                        }
                        return result;
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                }));
    }

    /** An operation that stores bytes. */
    private enum Write {
        PUT_OBJECT {
            @Override
            void run(StoreTestBed bed) {
                bed.send("PUT", "/bucket/k", Map.of(), BODY);
            }
        },
        POST_OBJECT {
            @Override
            void run(StoreTestBed bed) {
                bed.send(S3Operation.POST_OBJECT, "/bucket/k", "", Map.of(), BODY);
            }
        },
        COPY_OBJECT {
            @Override
            void prepare(StoreTestBed bed) {
                bed.send("PUT", "/bucket/source", Map.of(), BODY);
            }

            @Override
            void run(StoreTestBed bed) {
                Map<String, String> headers =
                        Map.of("x-amz-copy-source", "/bucket/source", "x-amz-storage-class", StoreTestBed.COLD);
                bed.send("PUT", "/bucket/k", headers, NONE);
            }
        },
        UPLOAD_PART {
            @Override
            void prepare(StoreTestBed bed) throws IOException {
                begin(bed);
            }

            @Override
            void run(StoreTestBed bed) {
                bed.send("PUT", "/bucket/k?partNumber=1&uploadId=" + upload, Map.of(), BODY);
            }

            @Override
            void finish(StoreTestBed bed) {
                complete(bed);
            }
        },
        UPLOAD_PART_COPY {
            @Override
            void prepare(StoreTestBed bed) throws IOException {
                bed.send("PUT", "/bucket/source", Map.of(), BODY);
                begin(bed);
            }

            @Override
            void run(StoreTestBed bed) {
                bed.send(
                        "PUT",
                        "/bucket/k?partNumber=1&uploadId=" + upload,
                        Map.of("x-amz-copy-source", "/bucket/source"),
                        NONE);
            }

            @Override
            void finish(StoreTestBed bed) {
                complete(bed);
            }
        },
        APPEND_AT_AN_OFFSET {
            @Override
            void prepare(StoreTestBed bed) {
                bed.send("PUT", "/bucket/k", Map.of(), Arrays.copyOf(BODY, 7));
            }

            @Override
            void run(StoreTestBed bed) {
                bed.send(
                        "PUT",
                        "/bucket/k",
                        Map.of("x-amz-write-offset-bytes", "7"),
                        Arrays.copyOfRange(BODY, 7, BODY.length));
            }
        },
        APPEND_OBJECT {
            @Override
            void run(StoreTestBed bed) {
                bed.send("PUT", "/bucket/k?append&position=0", Map.of(), BODY);
            }
        };

        String upload;

        void prepare(StoreTestBed bed) throws IOException {}

        abstract void run(StoreTestBed bed);

        void finish(StoreTestBed bed) {}

        void begin(StoreTestBed bed) throws IOException {
            byte[] answer = StoreTestBed.bytes(bed.send("POST", "/bucket/k?uploads", Map.of(), NONE));
            upload = XmlElement.parse(answer, "InitiateMultipartUploadResult").requiredText("UploadId");
        }

        void complete(StoreTestBed bed) {
            String part = "<Part><PartNumber>1</PartNumber><ETag>" + DigestUtils.md5Hex(BODY) + "</ETag></Part>";
            bed.send(
                    "POST",
                    "/bucket/k?uploadId=" + upload,
                    Map.of(),
                    ("<CompleteMultipartUpload>" + part + "</CompleteMultipartUpload>").getBytes(UTF_8));
        }
    }

    /** What fails after the commit. */
    private enum Failure {
        MAPPING_ERROR {
            @Override
            void arm(KeptContentTest test) {
                test.afterwards = () -> new MappingException("a row that cannot be read");
            }
        },
        OUT_OF_MEMORY {
            @Override
            void arm(KeptContentTest test) {
                test.afterwards = () -> new OutOfMemoryError("made up by a test");
            }
        },
        OUTCOME_UNKNOWN {
            @Override
            void arm(KeptContentTest test) {
                test.afterwards = () -> new MetadataUnavailableException("no answer", null, true);
            }
        },
        CONNECTION_LOST_AT_THE_COMMIT {
            @Override
            void arm(KeptContentTest test) {
                LostAnswers.failNext(new SQLNonTransientConnectionException("the connection was lost", "08000"));
            }
        },
        UNKNOWN_SQL_STATE {
            @Override
            void arm(KeptContentTest test) {
                LostAnswers.failNext(new SQLException("an unknown fault", "XX999", 65_000));
            }
        };

        abstract void arm(KeptContentTest test);
    }

    static Stream<Arguments> writesAndFailures() {
        return Stream.of(Write.values())
                .flatMap(write -> Stream.of(Failure.values()).map(failure -> Arguments.of(write, failure)));
    }

    @ParameterizedTest
    @MethodSource("writesAndFailures")
    void anObjectReadsBackWhateverFailsAfterItsCommit(Write write, Failure failure) throws Exception {
        write.prepare(bed);
        failure.arm(this);

        Throwable thrown = catchThrowable(() -> write.run(bed));

        afterwards = null;
        if (failure == Failure.CONNECTION_LOST_AT_THE_COMMIT) {
            assertThat(thrown).as("the row was found again").isNull();
        }
        write.finish(bed);
        assertThat(bed.read("/bucket/k")).isEqualTo(BODY);
    }

    @ParameterizedTest
    @EnumSource
    void contentIsGivenUpWhenTheDatabaseWasNotReached(Write write) throws Exception {
        write.prepare(bed);
        long blobs = bed.blobFiles();
        before = () -> new MetadataUnavailableException("no connection", null);

        assertThatThrownBy(() -> write.run(bed)).isInstanceOf(MetadataUnavailableException.class);

        assertThat(bed.blobFiles()).isEqualTo(blobs);
    }

    @ParameterizedTest
    @EnumSource(
            value = Write.class,
            names = {"PUT_OBJECT", "COPY_OBJECT"})
    void contentIsGivenUpWhenTheWriteIsRefused(Write write) throws Exception {
        write.prepare(bed);
        bed.send("PUT", "/bucket/k", Map.of(), "other".getBytes(UTF_8));
        long blobs = bed.blobFiles();
        Map<String, String> headers = write == Write.PUT_OBJECT
                ? Map.of("if-none-match", "*")
                : Map.of(
                        "if-none-match", "*",
                        "x-amz-copy-source", "/bucket/source",
                        "x-amz-storage-class", StoreTestBed.COLD);

        assertThatThrownBy(() -> bed.send("PUT", "/bucket/k", headers, write == Write.PUT_OBJECT ? BODY : NONE))
                .isInstanceOfSatisfying(
                        S3Exception.class,
                        refusal -> assertThat(refusal.error()).isEqualTo(S3Error.PRECONDITION_FAILED));

        assertThat(bed.blobFiles()).isEqualTo(blobs);
    }
}
