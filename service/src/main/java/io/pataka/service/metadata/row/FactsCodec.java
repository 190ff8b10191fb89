package io.pataka.service.metadata.row;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pataka.service.model.Checksum;
import io.pataka.service.model.EncryptionMode;
import io.pataka.service.model.Envelope;
import io.pataka.service.model.ObjectFacts;
import io.pataka.service.model.ObjectLock;
import io.pataka.service.model.StoredForm;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The {@code facts} column: as JSON, what an object's writer said beyond the columns that listings show. NULL where that is
 * nothing.
 */
public final class FactsCodec {

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .defaultPropertyInclusion(
                    JsonInclude.Value.construct(JsonInclude.Include.NON_EMPTY, JsonInclude.Include.ALWAYS))
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();
    private static final ObjectWriter WRITER = MAPPER.writerFor(Document.class);
    private static final ObjectReader READER = MAPPER.readerFor(Document.class);

    /** A member that this release does not know may change how bytes are read, so it is not passed over. */
    private static final ObjectReader SEALED =
            MAPPER.readerFor(Sealed.class).with(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

    private FactsCodec() {}

    /** The JSON document; members without a value are left out. */
    record Document(
            String type,
            SortedMap<String, String> headers,
            SortedMap<String, String> metadata,
            SortedMap<String, String> tags,
            String redirect,
            String acl,
            JsonNode form) {}

    /** The column's bytes, or null. */
    public static byte[] encode(ObjectFacts facts) {
        boolean plainType = facts.contentType().equals(ObjectFacts.DEFAULT_CONTENT_TYPE);
        if (plainType
                && facts.systemHeaders().isEmpty()
                && facts.userMetadata().isEmpty()
                && facts.tags().isEmpty()
                && facts.redirect().isEmpty()
                && facts.acl().isEmpty()
                && facts.form() instanceof StoredForm.Plain) {
            return null;
        }
        try {
            return WRITER.writeValueAsBytes(new Document(
                    plainType ? null : facts.contentType(),
                    facts.systemHeaders(),
                    facts.userMetadata(),
                    facts.tags(),
                    facts.redirect().orElse(null),
                    facts.acl().orElse(null),
                    encode(facts.form())));
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Reads the column.
     *
     * @param json its bytes, or null
     */
    public static ObjectFacts decode(
            byte[] json, String storageClass, List<Checksum> checksums, boolean appendable, ObjectLock lock) {
        Document document = json == null ? new Document(null, null, null, null, null, null, null) : read(json);
        return ObjectFacts.builder()
                .contentType(document.type() == null ? ObjectFacts.DEFAULT_CONTENT_TYPE : document.type())
                .systemHeaders(orEmpty(document.headers()))
                .userMetadata(orEmpty(document.metadata()))
                .storageClass(storageClass)
                .checksums(checksums)
                .tags(orEmpty(document.tags()))
                .redirect(Optional.ofNullable(document.redirect()))
                .acl(Optional.ofNullable(document.acl()))
                .appendable(appendable)
                .form(form(document.form()))
                .lock(lock)
                .build();
    }

    /**
     * What the column has of the facts; those that are in columns of their own are as in {@link ObjectFacts#plain}.
     *
     * @param json the column's bytes, or null
     */
    public static ObjectFacts settings(byte[] json) {
        return decode(json, ObjectFacts.STANDARD, List.of(), false, ObjectLock.NONE);
    }

    /** The {@code form} of an encrypted object. A node of an earlier release keeps it, and does not read the bytes. */
    record Sealed(EncryptionMode mode, String key, String wrapped, String context, Boolean bucketKey) {

        static Sealed of(Envelope envelope) {
            return new Sealed(
                    envelope.mode(),
                    envelope.keyId(),
                    envelope.wrapped(),
                    envelope.context().orElse(null),
                    envelope.bucketKey() ? true : null);
        }

        Envelope envelope() {
            return new Envelope(
                    mode,
                    key == null ? "" : key,
                    wrapped,
                    Optional.ofNullable(context),
                    bucketKey != null && bucketKey);
        }
    }

    /** Plain objects have no member for their form. */
    private static JsonNode encode(StoredForm form) throws JsonProcessingException {
        if (form instanceof StoredForm.Encrypted encrypted) {
            return MAPPER.valueToTree(Sealed.of(encrypted.envelope()));
        }
        return form instanceof StoredForm.Unknown unknown ? MAPPER.readTree(unknown.description()) : null;
    }

    private static StoredForm form(JsonNode json) {
        if (json == null || json.isNull()) {
            return StoredForm.PLAIN;
        }
        try {
            return new StoredForm.Encrypted(SEALED.<Sealed>readValue(json).envelope(), Optional.empty());
        } catch (IOException | NullPointerException ofLaterRelease) {
            return new StoredForm.Unknown(json.toString());
        }
    }

    /**
     * Reads the envelope alone; empty if the object is not encrypted, or in a form that this release does not know.
     *
     * @param json the column's bytes
     */
    public static Optional<Envelope> envelope(byte[] json) {
        return form(read(json).form()) instanceof StoredForm.Encrypted encrypted
                ? Optional.of(encrypted.envelope())
                : Optional.empty();
    }

    /**
     * The column's bytes with another envelope. All else stays, also what this release does not know.
     *
     * @param json the column's bytes
     */
    public static byte[] withEnvelope(byte[] json, Envelope envelope) {
        try {
            ObjectNode document = (ObjectNode) MAPPER.readTree(json);
            document.set("form", MAPPER.valueToTree(Sealed.of(envelope)));
            return MAPPER.writeValueAsBytes(document);
        } catch (IOException e) {
            throw new UncheckedIOException("a facts column does not hold the JSON that was written", e);
        }
    }

    /**
     * Reads the tags alone.
     *
     * @param json the column's bytes, or null
     */
    public static SortedMap<String, String> tags(byte[] json) {
        return orEmpty(json == null ? null : read(json).tags());
    }

    private static Document read(byte[] json) {
        try {
            return READER.readValue(json);
        } catch (IOException e) {
            throw new UncheckedIOException("a facts column does not hold the JSON that was written", e);
        }
    }

    private static SortedMap<String, String> orEmpty(SortedMap<String, String> map) {
        return map == null ? new TreeMap<>() : map;
    }
}
