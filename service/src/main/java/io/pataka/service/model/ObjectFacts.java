package io.pataka.service.model;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What is kept of an object beside its bytes: all that a client may say about it and read back.
 *
 * @param contentType {@code binary/octet-stream} where the client named none
 * @param systemHeaders lower-case name to value as sent, of {@code cache-control}, {@code content-disposition},
 *     {@code content-encoding} (without {@code aws-chunked}), {@code content-language}, {@code expires}
 * @param userMetadata lower-case name without {@code x-amz-meta-} to value as sent
 * @param storageClass {@code STANDARD} or one named in the settings
 * @param checksums verified or computed; at most one
 * @param tags tag keys to values; at most 10
 * @param redirect {@code x-amz-website-redirect-location}
 * @param acl the access control list as the access room writes it; empty for the owner's full control
 * @param appendable made by an append, and may be appended to
 */
public record ObjectFacts(
        String contentType,
        SortedMap<String, String> systemHeaders,
        SortedMap<String, String> userMetadata,
        String storageClass,
        List<Checksum> checksums,
        SortedMap<String, String> tags,
        Optional<String> redirect,
        Optional<String> acl,
        boolean appendable) {

    public static final String DEFAULT_CONTENT_TYPE = "binary/octet-stream";
    public static final String STANDARD = "STANDARD";

    public ObjectFacts {
        Objects.requireNonNull(contentType);
        systemHeaders = Collections.unmodifiableSortedMap(new TreeMap<>(systemHeaders));
        userMetadata = Collections.unmodifiableSortedMap(new TreeMap<>(userMetadata));
        Objects.requireNonNull(storageClass);
        checksums = List.copyOf(checksums);
        tags = Collections.unmodifiableSortedMap(new TreeMap<>(tags));
        Objects.requireNonNull(redirect);
        Objects.requireNonNull(acl);
    }

    /** The facts of an object about which its writer said nothing. */
    public static ObjectFacts plain() {
        return new ObjectFacts(
                DEFAULT_CONTENT_TYPE,
                new TreeMap<>(),
                new TreeMap<>(),
                STANDARD,
                List.of(),
                new TreeMap<>(Map.of()),
                Optional.empty(),
                Optional.empty(),
                false);
    }

    public ObjectFacts withChecksums(List<Checksum> verified) {
        return new ObjectFacts(
                contentType, systemHeaders, userMetadata, storageClass, verified, tags, redirect, acl, appendable);
    }

    public ObjectFacts withTags(SortedMap<String, String> newTags) {
        return new ObjectFacts(
                contentType, systemHeaders, userMetadata, storageClass, checksums, newTags, redirect, acl, appendable);
    }

    public ObjectFacts withAppendable(boolean mayBeAppendedTo) {
        return new ObjectFacts(
                contentType,
                systemHeaders,
                userMetadata,
                storageClass,
                checksums,
                tags,
                redirect,
                acl,
                mayBeAppendedTo);
    }

    public ObjectFacts withAcl(Optional<String> newAcl) {
        return new ObjectFacts(
                contentType, systemHeaders, userMetadata, storageClass, checksums, tags, redirect, newAcl, appendable);
    }
}
