package io.pataka.service.protocol;

import io.pataka.service.model.ObjectFacts;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.commons.codec.DecoderException;
import org.apache.commons.codec.net.BCodec;
import org.apache.commons.codec.net.QCodec;

/**
 * Reads from the headers of a write what is to be kept of an object beside its bytes. Values are kept as they came, one
 * character per byte: UTF-8, Latin-1 and RFC 2047 all come back as they were sent. Only an encoded word of RFC 2047 whose text is
 * ASCII is kept as that text, since Amazon decodes values and encodes again only those that are not ASCII.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingMetadata.html">AWS: object metadata</a>
 */
public final class ObjectHeaders {

    /** The prefix of user metadata. */
    public static final String USER_METADATA = "x-amz-meta-";

    /** The most bytes of user metadata, names (without the prefix) and values together. */
    public static final int MAX_USER_METADATA = 2048;

    /** The headers kept under their own names, beside {@code Content-Type}. */
    static final List<String> SYSTEM_HEADERS =
            List.of("cache-control", "content-disposition", "content-encoding", "content-language", "expires");

    private static final int MAX_REDIRECT = 2048;

    private ObjectHeaders() {}

    /**
     * The facts of a new object, without checksums.
     *
     * @param storageClasses those that the settings name
     * @throws S3Exception MetadataTooLarge, InvalidStorageClass, InvalidRedirectLocation, InvalidTag or InvalidArgument
     */
    public static ObjectFacts read(RequestHeaders headers, Set<String> storageClasses) {
        return ObjectFacts.builder()
                .contentType(headers.first("content-type")
                        .filter(type -> !type.isBlank())
                        .map(type -> printable("content-type", type))
                        .orElse(ObjectFacts.DEFAULT_CONTENT_TYPE))
                .systemHeaders(systemHeaders(headers))
                .userMetadata(userMetadata(headers))
                .storageClass(storageClass(headers, storageClasses))
                .tags(ObjectTags.of(headers))
                .redirect(redirect(headers))
                .build();
    }

    private static SortedMap<String, String> systemHeaders(RequestHeaders headers) {
        SortedMap<String, String> kept = new TreeMap<>();
        for (String name : SYSTEM_HEADERS) {
            String value = String.join(", ", headers.all(name));
            if (name.equals("content-encoding")) {
                value = withoutChunkFraming(value);
            }
            if (!value.isBlank()) {
                kept.put(name, printable(name, value));
            }
        }
        return kept;
    }

    /** {@code aws-chunked} describes how the request was sent, not the object. */
    private static String withoutChunkFraming(String encodings) {
        if (!encodings.toLowerCase(Locale.ROOT).contains("aws-chunked")) {
            return encodings;
        }
        return Arrays.stream(encodings.split(","))
                .map(String::trim)
                .filter(encoding -> !encoding.isEmpty() && !encoding.equalsIgnoreCase("aws-chunked"))
                .collect(Collectors.joining(", "));
    }

    private static SortedMap<String, String> userMetadata(RequestHeaders headers) {
        SortedMap<String, String> kept = new TreeMap<>();
        int size = 0;
        for (String header : headers.names()) {
            if (header.startsWith(USER_METADATA) && header.length() > USER_METADATA.length()) {
                String name = header.substring(USER_METADATA.length());
                String value = decoded(printable(header, String.join(",", headers.all(header))));
                kept.put(name, value);
                size += name.length() + value.length();
            }
        }
        if (size > MAX_USER_METADATA) {
            throw new S3Exception(S3Error.METADATA_TOO_LARGE)
                    .with("Size", Integer.toString(size))
                    .with("MaxSizeAllowed", Integer.toString(MAX_USER_METADATA));
        }
        return kept;
    }

    private static String decoded(String value) {
        if (!value.startsWith("=?") || !value.endsWith("?=")) {
            return value;
        }
        try {
            boolean base64 = value.regionMatches(true, value.indexOf('?', 2), "?B?", 0, 3);
            String text = base64 ? new BCodec().decode(value) : new QCodec().decode(value);
            return !text.isEmpty() && text.chars().allMatch(c -> c >= 0x20 && c < 0x7F) ? text : value;
        } catch (DecoderException | IllegalArgumentException noEncodedWord) {
            return value;
        }
    }

    private static String storageClass(RequestHeaders headers, Set<String> storageClasses) {
        String asked = headers.first("x-amz-storage-class")
                .filter(name -> !name.isEmpty())
                .orElse(ObjectFacts.STANDARD);
        if (!asked.equals(ObjectFacts.STANDARD) && !storageClasses.contains(asked)) {
            throw new S3Exception(S3Error.INVALID_STORAGE_CLASS).with("StorageClassRequested", asked);
        }
        return asked;
    }

    private static Optional<String> redirect(RequestHeaders headers) {
        Optional<String> location =
                headers.first("x-amz-website-redirect-location").filter(text -> !text.isEmpty());
        location.ifPresent(text -> {
            boolean leadsSomewhere = text.startsWith("/") || text.startsWith("http://") || text.startsWith("https://");
            if (!leadsSomewhere || text.length() > MAX_REDIRECT) {
                throw new S3Exception(S3Error.INVALID_REDIRECT_LOCATION);
            }
            printable("x-amz-website-redirect-location", text);
        });
        return location;
    }

    /**
     * Presigned queries bring header values through percent-encoding, which the wire's own rules do not guard.
     *
     * @throws S3Exception InvalidArgument for a control character, which would break the response that brings the value back
     */
    static String printable(String name, String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if ((c < 0x20 && c != '\t') || c == 0x7F) {
                throw new S3Exception(S3Error.INVALID_ARGUMENT, "A header value must not hold control characters")
                        .with("ArgumentName", name);
            }
        }
        return value;
    }
}
