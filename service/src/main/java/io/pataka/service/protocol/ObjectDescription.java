package io.pataka.service.protocol;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.pataka.service.model.Checksum;
import io.pataka.service.model.ObjectFacts;
import io.pataka.service.model.ObjectVersion;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The response headers of GET and HEAD that describe a version. */
public final class ObjectDescription {

    /** Header by the parameter that overrides it. */
    private static final Map<String, String> OVERRIDES = Map.of(
            "response-cache-control", "Cache-Control",
            "response-content-disposition", "Content-Disposition",
            "response-content-encoding", "Content-Encoding",
            "response-content-language", "Content-Language",
            "response-content-type", "Content-Type",
            "response-expires", "Expires");

    private static final Map<String, String> SPELLINGS = Map.of(
            "cache-control", "Cache-Control",
            "content-disposition", "Content-Disposition",
            "content-encoding", "Content-Encoding",
            "content-language", "Content-Language",
            "expires", "Expires");

    private final Map<String, String> headers = new LinkedHashMap<>();

    private ObjectDescription() {}

    /**
     * All headers except checksums, range and overrides.
     *
     * @param versioned whether the bucket has, or had, versioning, so that version ids are returned
     */
    public static ObjectDescription of(ObjectVersion version, boolean versioned) {
        ObjectDescription description = validators(version, versioned);
        ObjectFacts facts = version.facts();
        Map<String, String> headers = description.headers;
        headers.put("Accept-Ranges", "bytes");
        headers.put("Content-Type", facts.contentType());
        facts.systemHeaders().forEach((name, value) -> headers.put(SPELLINGS.getOrDefault(name, name), value));
        facts.userMetadata().forEach((name, value) -> headers.put(ObjectHeaders.USER_METADATA + name, value));
        if (!facts.storageClass().equals(ObjectFacts.STANDARD)) {
            headers.put("x-amz-storage-class", facts.storageClass());
        }
        facts.redirect().ifPresent(location -> headers.put("x-amz-website-redirect-location", location));
        if (!facts.tags().isEmpty()) {
            headers.put("x-amz-tagging-count", Integer.toString(facts.tags().size()));
        }
        if (facts.appendable()) {
            headers.put("x-rgw-object-type", "Appendable");
            headers.put("x-rgw-next-append-position", Long.toString(version.size()));
        }
        return description;
    }

    /** The headers of a 304: those of RFC 9110 section 15.4.5, and the version. */
    public static ObjectDescription notModified(ObjectVersion version, boolean versioned) {
        ObjectDescription description = validators(version, versioned);
        version.facts().systemHeaders().forEach((name, value) -> {
            if (name.equals("cache-control") || name.equals("expires")) {
                description.headers.put(SPELLINGS.get(name), value);
            }
        });
        return description;
    }

    private static ObjectDescription validators(ObjectVersion version, boolean versioned) {
        ObjectDescription description = new ObjectDescription();
        description.headers.put("ETag", version.etag().quoted());
        description.headers.put("Last-Modified", S3Time.header(version.lastModified()));
        if (versioned) {
            description.headers.put("x-amz-version-id", version.id().text());
        }
        return description;
    }

    /** Adds the checksums, if the reader asks for them with {@code x-amz-checksum-mode}. */
    public ObjectDescription withChecksums(List<Checksum> checksums, RequestHeaders request) {
        boolean asked = request.first("x-amz-checksum-mode")
                .filter("ENABLED"::equalsIgnoreCase)
                .isPresent();
        if (asked) {
            headers.putAll(checksumHeaders(checksums));
        }
        return this;
    }

    /** The headers with checksums and their type. */
    public static Map<String, String> checksumHeaders(List<Checksum> checksums) {
        Map<String, String> result = new LinkedHashMap<>();
        for (Checksum checksum : checksums) {
            result.put(checksum.algorithm().header(), checksum.value());
            result.put("x-amz-checksum-type", checksum.type().name());
        }
        return result;
    }

    /**
     * Applies the {@code response-*} parameters of the request.
     *
     * @param signed whether the request is signed: an anonymous client must not choose headers of the owner's content
     * @param version2 whether the signature is of version 2, where Amazon accepts only ISO 8859-1
     * @throws S3Exception InvalidRequest when the request is not signed; InvalidArgument for a value that a header cannot have
     */
    public ObjectDescription withOverrides(Parameters parameters, boolean signed, boolean version2) {
        OVERRIDES.forEach((parameter, header) -> parameters.first(parameter).ifPresent(value -> {
            if (!signed) {
                throw new S3Exception(
                        S3Error.INVALID_REQUEST,
                        "Request specific response headers cannot be used for anonymous GET requests.");
            }
            ObjectHeaders.printable(parameter, value);
            if (version2 && !ISO_8859_1.newEncoder().canEncode(value)) {
                throw new S3Exception(S3Error.INVALID_ARGUMENT, "Header value cannot be represented using ISO-8859-1.")
                        .argument(parameter, value);
            }
            headers.put(header, new String(value.getBytes(UTF_8), ISO_8859_1));
        }));
        return this;
    }

    /** Adds a header. */
    public ObjectDescription with(String name, String value) {
        headers.put(name, value);
        return this;
    }

    /** Adds headers. */
    public ObjectDescription with(Map<String, String> more) {
        headers.putAll(more);
        return this;
    }

    /** The headers in the order to send. */
    public Map<String, String> headers() {
        return Collections.unmodifiableMap(headers);
    }
}
