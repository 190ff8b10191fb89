package io.pataka.service.model;

import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What is stored of an object beside its bytes: all that a client can set and read back.
 *
 * @param contentType {@code binary/octet-stream} where the client named none
 * @param systemHeaders lower-case name to value as sent, of {@code cache-control}, {@code content-disposition},
 *     {@code content-encoding} (without {@code aws-chunked}), {@code content-language}, {@code expires}
 * @param userMetadata lower-case name without {@code x-amz-meta-} to value as sent
 * @param storageClass {@code STANDARD} or one named in the settings
 * @param checksums verified or computed; at most one
 * @param tags tag keys to values; at most 10
 * @param redirect {@code x-amz-website-redirect-location}
 * @param acl the access control list as package {@code access} writes it; empty for the owner's full control
 * @param appendable made by an append, and may be appended to
 * @param form how the bytes are stored
 * @param lock what keeps the version from being deleted
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
        boolean appendable,
        StoredForm form,
        ObjectLock lock) {

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
        Objects.requireNonNull(form);
        Objects.requireNonNull(lock);
    }

    /** The facts of an object about which its writer said nothing. */
    public static ObjectFacts plain() {
        return builder().build();
    }

    /** Facts to change, at first those of {@link #plain()}. */
    public static Builder builder() {
        return new Builder();
    }

    /** Facts to change, at first these. */
    public Builder toBuilder() {
        Builder builder = new Builder();
        builder.contentType = contentType;
        builder.systemHeaders = systemHeaders;
        builder.userMetadata = userMetadata;
        builder.storageClass = storageClass;
        builder.checksums = checksums;
        builder.tags = tags;
        builder.redirect = redirect;
        builder.acl = acl;
        builder.appendable = appendable;
        builder.form = form;
        builder.lock = lock;
        return builder;
    }

    /** Where and how the bytes are stored. */
    public Placement placement() {
        return new Placement(storageClass, form);
    }

    public ObjectFacts withChecksums(List<Checksum> verified) {
        return toBuilder().checksums(verified).build();
    }

    public ObjectFacts withTags(SortedMap<String, String> newTags) {
        return toBuilder().tags(newTags).build();
    }

    public ObjectFacts withAppendable(boolean mayBeAppendedTo) {
        return toBuilder().appendable(mayBeAppendedTo).build();
    }

    public ObjectFacts withForm(StoredForm newForm) {
        return toBuilder().form(newForm).build();
    }

    public ObjectFacts withLock(ObjectLock newLock) {
        return toBuilder().lock(newLock).build();
    }

    public ObjectFacts withAcl(Optional<String> newAcl) {
        return toBuilder().acl(newAcl).build();
    }

    /** Collects facts by name. What is not set stays as it is. */
    public static final class Builder {

        private String contentType = DEFAULT_CONTENT_TYPE;
        private SortedMap<String, String> systemHeaders = Collections.emptySortedMap();
        private SortedMap<String, String> userMetadata = Collections.emptySortedMap();
        private String storageClass = STANDARD;
        private List<Checksum> checksums = List.of();
        private SortedMap<String, String> tags = Collections.emptySortedMap();
        private Optional<String> redirect = Optional.empty();
        private Optional<String> acl = Optional.empty();
        private boolean appendable;
        private StoredForm form = StoredForm.PLAIN;
        private ObjectLock lock = ObjectLock.NONE;

        private Builder() {}

        public Builder contentType(String value) {
            contentType = value;
            return this;
        }

        public Builder systemHeaders(SortedMap<String, String> values) {
            systemHeaders = values;
            return this;
        }

        public Builder userMetadata(SortedMap<String, String> values) {
            userMetadata = values;
            return this;
        }

        public Builder storageClass(String value) {
            storageClass = value;
            return this;
        }

        public Builder checksums(List<Checksum> values) {
            checksums = values;
            return this;
        }

        public Builder tags(SortedMap<String, String> values) {
            tags = values;
            return this;
        }

        public Builder redirect(Optional<String> value) {
            redirect = value;
            return this;
        }

        public Builder acl(Optional<String> value) {
            acl = value;
            return this;
        }

        public Builder appendable(boolean value) {
            appendable = value;
            return this;
        }

        public Builder form(StoredForm value) {
            form = value;
            return this;
        }

        public Builder lock(ObjectLock value) {
            lock = value;
            return this;
        }

        public ObjectFacts build() {
            return new ObjectFacts(
                    contentType,
                    systemHeaders,
                    userMetadata,
                    storageClass,
                    checksums,
                    tags,
                    redirect,
                    acl,
                    appendable,
                    form,
                    lock);
        }
    }
}
