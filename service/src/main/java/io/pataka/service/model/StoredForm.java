package io.pataka.service.model;

import java.util.HexFormat;
import java.util.Objects;
import java.util.Optional;

/**
 * How the bytes of an object are stored: as they are, for example, or encrypted. An upload and its parts have the form of the object
 * that they become. Everything that depends on the form asks it: the entity tag, the payload of blobs, what their descriptors may say,
 * and whether a copy may share blobs with its source.
 */
public sealed interface StoredForm permits StoredForm.Plain, StoredForm.Encrypted, StoredForm.Unknown {

    /** The form of all objects but those that are given another one. */
    StoredForm PLAIN = new Plain();

    /**
     * The entity tag of an object, or of a part, that is stored as one blob: 32 hexadecimal digits, since the tag of an object in parts is
     * made of them. Asked once for each blob.
     *
     * @param md5 the 16 bytes of the MD5 of the bytes that the client sent
     */
    ETag etag(byte[] md5);

    /**
     * The codec of one blob. It serves one thread. Of the id it depends on {@link BlobId#low()} alone, so that a payload can be
     * copied into another blob.
     *
     * @throws UnknownFormException when this release cannot read or write the form
     */
    BlockCodec codec(BlobId blob) throws UnknownFormException;

    /**
     * Whether the MD5 and the checksums of the client's bytes may lie in descriptors, where everybody who reads the disk can see them.
     * Only a form whose entity tag is the MD5 may allow that.
     */
    boolean showsDigests();

    /** Whether a copy of this form can share the blobs of a source of the other form. Its bytes are read and written if not. */
    boolean sharesBlobsWith(StoredForm source);

    /**
     * The entity tag of a copy of this form that shares the blobs of its source: that of the source, unless it tells more than this form
     * may.
     *
     * @param tag of the source
     * @param source a form whose blobs this one shares
     */
    default ETag etagOfCopy(ETag tag, StoredForm source) {
        return tag;
    }

    /** The bytes as the client sent them. The entity tag is their MD5. */
    record Plain() implements StoredForm {

        @Override
        public ETag etag(byte[] md5) {
            return new ETag(HexFormat.of().formatHex(md5));
        }

        @Override
        public BlockCodec codec(BlobId blob) {
            return BlockCodec.PLAIN;
        }

        @Override
        public boolean showsDigests() {
            return true;
        }

        @Override
        public boolean sharesBlobsWith(StoredForm source) {
            return source instanceof Plain;
        }
    }

    /**
     * Encrypted by the server. From the index the form comes without its data key; bytes are read and written only after the data key was
     * unwrapped.
     *
     * @param dataKey empty until it was unwrapped
     */
    record Encrypted(Envelope envelope, Optional<DataKey> dataKey) implements StoredForm {

        public Encrypted {
            Objects.requireNonNull(envelope);
            Objects.requireNonNull(dataKey);
        }

        /**
         * The MD5, as Ceph Gateway and clients that compare it have it. But for SSE-C it is another digest, as with Amazon, since the MD5
         * would let everybody who reads the index recognise the content. A part that is sent again has its entity tag again, which
         * ceph/s3-tests want.
         */
        @Override
        public ETag etag(byte[] md5) {
            return PLAIN.etag(isCustomers() ? key().digest(md5) : md5);
        }

        @Override
        public BlockCodec codec(BlobId blob) {
            return key().codec(blob);
        }

        private DataKey key() {
            return dataKey.orElseThrow(() -> new IllegalStateException("the data key was not unwrapped"));
        }

        @Override
        public boolean showsDigests() {
            return false;
        }

        /**
         * A copy with the same data key can. Only a copy that is SSE-C, too, can have the entity tag of a source with SSE-C, because the tag of
         * other modes is an MD5.
         */
        @Override
        public boolean sharesBlobsWith(StoredForm source) {
            return source instanceof Encrypted other
                    && dataKey.isPresent()
                    && dataKey.equals(other.dataKey)
                    && (isCustomers() || !other.isCustomers());
        }

        private boolean isCustomers() {
            return envelope.mode() == EncryptionMode.CUSTOMER;
        }

        /** A copy with SSE-C must not keep an MD5 either. */
        @Override
        public ETag etagOfCopy(ETag tag, StoredForm source) {
            return isCustomers() && !(source instanceof Encrypted other && other.isCustomers())
                    ? tag.withDigest(key()::digest)
                    : tag;
        }
    }

    /**
     * A form that a node of a later release gave the object, while the nodes are upgraded one after the other. Its bytes are neither read nor
     * written here. Its description is kept when the object's other facts are changed.
     *
     * @param description as the later release stored it
     */
    record Unknown(String description) implements StoredForm {

        public Unknown {
            Objects.requireNonNull(description);
        }

        /** No part or object of this form is written here, so it is not asked. */
        @Override
        public ETag etag(byte[] md5) {
            throw new IllegalStateException("an unknown form has no rule for entity tags");
        }

        @Override
        public BlockCodec codec(BlobId blob) throws UnknownFormException {
            throw new UnknownFormException();
        }

        @Override
        public boolean showsDigests() {
            return false;
        }

        @Override
        public boolean sharesBlobsWith(StoredForm source) {
            return equals(source);
        }

        /** Without the description, which may have keys. */
        @Override
        public String toString() {
            return "Unknown[]";
        }
    }
}
