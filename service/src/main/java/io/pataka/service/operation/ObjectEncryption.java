package io.pataka.service.operation;

import io.pataka.service.access.AdmittedCall;
import io.pataka.service.encryption.KeyRefusedException;
import io.pataka.service.encryption.ObjectKeys;
import io.pataka.service.metadata.BucketCatalog;
import io.pataka.service.metadata.UploadLedger.Upload;
import io.pataka.service.model.Bucket;
import io.pataka.service.model.CustomerKey;
import io.pataka.service.model.EncryptionChoice;
import io.pataka.service.model.EncryptionChoice.Kms;
import io.pataka.service.model.EncryptionMode;
import io.pataka.service.model.ObjectVersion;
import io.pataka.service.model.StoredForm;
import io.pataka.service.model.StoredForm.Encrypted;
import io.pataka.service.protocol.EncryptionHeaders;
import io.pataka.service.protocol.RequestHeaders;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides how new objects are encrypted, and unwraps the data keys of stored ones. Called after authorisation, so that a policy refuses
 * first.
 */
public final class ObjectEncryption {

    private static final Logger LOG = LoggerFactory.getLogger(ObjectEncryption.class);

    private final ObjectKeys keys;
    private final BucketCatalog buckets;
    private final EncryptionRules rules;

    public ObjectEncryption(ObjectKeys keys, BucketCatalog buckets, EncryptionRules rules) {
        this.keys = Objects.requireNonNull(keys);
        this.buckets = Objects.requireNonNull(buckets);
        this.rules = Objects.requireNonNull(rules);
    }

    /**
     * The form of a new object or upload: as its writer says, else as the bucket says, else as the settings say.
     *
     * @throws S3Exception InvalidArgument and its like for headers that are not right; AccessDenied when the bucket refuses customers'
     *     keys
     */
    public StoredForm ofNew(AdmittedCall call) {
        Optional<EncryptionChoice> choice = choice(call);
        return choice.isEmpty()
                ? StoredForm.PLAIN
                : asked(KeyOf.OBJECT, () -> keys.seal(choice.get(), project(call.bucket())));
    }

    /**
     * The form of a new object that the service writes into a bucket for itself.
     *
     * @param asked empty for what the bucket says, or else the settings
     */
    public StoredForm ofService(Bucket bucket, Optional<EncryptionChoice> asked) throws KeyRefusedException {
        Optional<EncryptionChoice> choice =
                asked.or(() -> BucketEncryption.of(bucket, buckets).standard()).or(rules::standard);
        return choice.isEmpty() ? StoredForm.PLAIN : keys.seal(choice.get(), project(bucket));
    }

    /**
     * The form of a new object whose body was received. The body may have taken days, in which another key of the ring became active and
     * the key that wraps the data key was removed.
     *
     * @param form as {@link #ofNew} returned it
     */
    public StoredForm renewed(StoredForm form) {
        return form instanceof Encrypted encrypted ? asked(KeyOf.OBJECT, () -> keys.renewed(encrypted)) : form;
    }

    /**
     * The form of a copy. A copy of an encrypted source has the data key of the source, so it can share the source's blobs.
     *
     * @param source with its data key, as {@link #openSource} returns it
     */
    public StoredForm ofCopy(AdmittedCall call, ObjectVersion source) {
        Optional<EncryptionChoice> choice = choice(call);
        if (choice.isEmpty()) {
            return StoredForm.PLAIN;
        }
        String project = project(call.bucket());
        return source.facts().form() instanceof Encrypted encrypted
                ? asked(KeyOf.OBJECT, () -> keys.reseal(encrypted, choice.get(), project))
                : asked(KeyOf.OBJECT, () -> keys.seal(choice.get(), project));
    }

    private Optional<EncryptionChoice> choice(AdmittedCall call) {
        requireTlsForKeys(call);
        BucketEncryption ofBucket = BucketEncryption.of(call.bucket(), buckets);
        Optional<EncryptionChoice> choice =
                EncryptionHeaders.choice(call.headers(), ofBucket.standard().or(rules::standard));
        if (choice.filter(EncryptionChoice.Customer.class::isInstance).isPresent()) {
            requireCustomerKeysAllowed(ofBucket);
        }
        choice.ifPresent(asked -> requireTls(call, asked.mode()));
        return choice;
    }

    private void requireCustomerKeysAllowed(AdmittedCall call, StoredForm form) {
        if (isCustomers(form)) {
            requireCustomerKeysAllowed(BucketEncryption.of(call.bucket(), buckets));
        }
    }

    private static void requireCustomerKeysAllowed(BucketEncryption ofBucket) {
        if (ofBucket.refusesCustomerKeys()) {
            throw new S3Exception(
                            S3Error.ACCESS_DENIED,
                            "Access Denied because this bucket has blocked upload requests that specify Server Side"
                                    + " Encryption with Customer provided keys (SSE-C). Please specify a different"
                                    + " server-side encryption type")
                    .because("the bucket's encryption blocks SSE-C");
        }
    }

    /** A key that came over plain HTTP may be known to others, so Amazon refuses every request with one. */
    private void requireTlsForKeys(AdmittedCall call) {
        if (EncryptionHeaders.hasAnyCustomerKey(call.headers())) {
            requireTls(call, EncryptionMode.CUSTOMER);
        }
    }

    private Optional<CustomerKey> customerKey(AdmittedCall call) {
        requireTlsForKeys(call);
        return EncryptionHeaders.customerKey(call.headers());
    }

    /**
     * A version with its data key, so that its bytes can be read.
     *
     * @throws S3Exception InvalidRequest or InvalidArgument when a customer's key is missing, wrong or sent for nothing
     */
    public ObjectVersion open(AdmittedCall call, ObjectVersion version) {
        return isOpen(version) ? version : open(call, call.bucket(), version, customerKey(call));
    }

    private static boolean isOpen(ObjectVersion version) {
        return version.facts().form() instanceof Encrypted encrypted
                && encrypted.dataKey().isPresent();
    }

    /** As {@link #open(AdmittedCall, ObjectVersion)}, of the source of a copy, whose customer's key has headers of its own. */
    public ObjectVersion openSource(AdmittedCall call, Bucket bucket, ObjectVersion version) {
        requireTlsForKeys(call);
        return open(call, bucket, version, EncryptionHeaders.sourceKey(call.headers()));
    }

    private ObjectVersion open(AdmittedCall call, Bucket bucket, ObjectVersion version, Optional<CustomerKey> key) {
        StoredForm sealed = version.facts().form();
        StoredForm opened = open(call, bucket, sealed, key, KeyOf.OBJECT);
        return opened == sealed ? version : version.withFacts(version.facts().withForm(opened));
    }

    /**
     * A version with its data key, so that bytes can be appended. An append does not change the encryption, so a request may name only the
     * encryption that the version has.
     *
     * @throws S3Exception as {@link #open(AdmittedCall, ObjectVersion)}; AccessDenied when the bucket refuses customers' keys by now
     */
    public ObjectVersion openToAppend(AdmittedCall call, ObjectVersion version) {
        StoredForm form = version.facts().form();
        requireCustomerKeysAllowed(call, form);
        ObjectVersion opened = open(call, version);
        Optional<EncryptionChoice> asked = EncryptionHeaders.choice(call.headers(), Optional.empty());
        if (asked.isPresent() && !hasForm(form, asked.get())) {
            throw notApplicable();
        }
        return opened;
    }

    private static boolean hasForm(StoredForm form, EncryptionChoice asked) {
        return form instanceof Encrypted encrypted
                && encrypted.envelope().mode() == asked.mode()
                && (!(asked instanceof Kms kms)
                        || kms.keyId().equals(encrypted.envelope().keyId()));
    }

    /**
     * An upload with its data key, so that parts can be added.
     *
     * @throws S3Exception InvalidRequest or InvalidArgument when a customer's key is missing, wrong or sent for nothing; AccessDenied when
     *     the bucket refuses customers' keys by now
     */
    public Upload open(AdmittedCall call, Upload upload) {
        requireCustomerKeysAllowed(call, upload.facts().form());
        StoredForm form = open(call, call.bucket(), upload.facts().form(), customerKey(call), KeyOf.UPLOAD);
        return new Upload(
                upload.id(),
                upload.bucketId(),
                upload.key(),
                upload.owner(),
                upload.initiator(),
                upload.initiated(),
                upload.facts().withForm(form),
                upload.checksum());
    }

    /**
     * Checks the customer's key of a request that completes an upload. As Amazon and Ceph Gateway have it, a client need not send the key
     * to complete an upload without a checksum algorithm: many do not.
     *
     * @throws S3Exception as {@link #open(AdmittedCall, Upload)}
     */
    public void requireCompletable(AdmittedCall call, Upload upload) {
        requireKey(call, upload, KeyOf.UPLOAD);
    }

    /**
     * Checks the customer's key of a request that lists the parts of an upload. It is needed only where parts have checksums.
     *
     * @throws S3Exception as {@link #open(AdmittedCall, Upload)}
     */
    public void requireListable(AdmittedCall call, Upload upload) {
        requireKey(call, upload, KeyOf.PARTS);
    }

    private static boolean isCustomers(StoredForm form) {
        return form instanceof Encrypted encrypted && encrypted.envelope().mode() == EncryptionMode.CUSTOMER;
    }

    private void requireKey(AdmittedCall call, Upload upload, KeyOf subject) {
        Optional<CustomerKey> key = customerKey(call);
        if (!isCustomers(upload.facts().form())) {
            requireNoKey(key);
        } else if (key.isPresent() || upload.algorithm().isPresent()) {
            open(call, call.bucket(), upload.facts().form(), key, subject);
        }
    }

    /**
     * The form of a version whose data key is wrapped with another key of the key manager. Bytes and encryption context stay.
     *
     * @param sealed the form of the version, with SSE-S3 or SSE-KMS
     * @throws S3Exception as {@link #ofNew}
     */
    public Encrypted rewrapped(AdmittedCall call, Encrypted sealed, String keyId, boolean bucketKey) {
        requireTls(call, EncryptionMode.KMS);
        String project = project(call.bucket());
        Kms choice = new Kms(keyId, sealed.envelope().context(), bucketKey);
        return asked(KeyOf.OBJECT, () -> keys.reseal(keys.open(sealed, Optional.empty(), project), choice, project));
    }

    /**
     * Checks what a request about a version, but not about its bytes, says of encryption. A key manager is not asked.
     *
     * @return the version; with its data key if the customer's key was needed for the check
     * @throws S3Exception as {@link #open(AdmittedCall, ObjectVersion)}
     */
    public ObjectVersion requireReadable(AdmittedCall call, ObjectVersion version) {
        Optional<CustomerKey> key = customerKey(call);
        if (version.facts().form() instanceof Encrypted encrypted
                && encrypted.envelope().mode() != EncryptionMode.CUSTOMER) {
            requireNoKey(key);
            requireTls(call, encrypted.envelope().mode());
            return version;
        }
        return open(call, call.bucket(), version, key);
    }

    private StoredForm open(
            AdmittedCall call, Bucket bucket, StoredForm form, Optional<CustomerKey> key, KeyOf subject) {
        if (!(form instanceof Encrypted encrypted)) {
            requireNoKey(key);
            return form;
        }
        EncryptionMode mode = encrypted.envelope().mode();
        requireTls(call, mode);
        if (mode != EncryptionMode.CUSTOMER) {
            requireNoKey(key);
        } else if (key.isEmpty()) {
            throw new S3Exception(S3Error.INVALID_REQUEST, subject.missing);
        }
        return asked(subject, () -> keys.open(encrypted, key, project(bucket)));
    }

    private static void requireNoKey(Optional<CustomerKey> key) {
        if (key.isPresent()) {
            throw notApplicable();
        }
    }

    private static S3Exception notApplicable() {
        return new S3Exception(S3Error.INVALID_REQUEST, "The encryption parameters are not applicable to this object.");
    }

    private void requireTls(AdmittedCall call, EncryptionMode mode) {
        if (rules.requireTls()
                && mode != EncryptionMode.S3
                && !call.request().raw().secure()) {
            throw new S3Exception(
                    S3Error.INVALID_REQUEST,
                    mode == EncryptionMode.CUSTOMER
                            ? "Requests specifying Server Side Encryption with Customer provided keys must be made over a"
                                    + " secure connection."
                            : "Requests specifying Server Side Encryption with AWS KMS managed keys must be made over a"
                                    + " secure connection.");
        }
    }

    /** The headers of an answer to a read of a version of this form, and to a request about an upload. */
    public static Map<String, String> headersOfRead(StoredForm form, RequestHeaders request) {
        return form instanceof Encrypted encrypted
                ? EncryptionHeaders.ofRead(encrypted.envelope(), EncryptionHeaders.customerKey(request))
                : Map.of();
    }

    /** The headers of an answer to the write of an object of this form, and to the beginning of an upload. */
    public static Map<String, String> headersOfWrite(StoredForm form, RequestHeaders request) {
        return form instanceof Encrypted encrypted
                ? EncryptionHeaders.ofWrite(encrypted.envelope(), EncryptionHeaders.customerKey(request))
                : Map.of();
    }

    /** A project owns its buckets, and its id is that of the owner. */
    private static String project(Bucket bucket) {
        return bucket.owner().id();
    }

    /** Something that needs a key. */
    private interface Asking {
        Encrypted run() throws KeyRefusedException;
    }

    /** What a key is needed for. The texts of Amazon's errors differ. */
    private enum KeyOf {
        OBJECT(
                "The object was stored using a form of Server Side Encryption. The correct parameters must be provided to"
                        + " retrieve the object."),
        UPLOAD("The multipart upload initiate requested encryption. Subsequent part requests must include the"
                + " appropriate encryption parameters."),
        PARTS("To retrieve Part Checksum data requests must include appropriate encryption parameters.");

        /** The text of the error when there is no customer's key. */
        private final String missing;

        KeyOf(String missing) {
            this.missing = missing;
        }

        /** The error of another customer's key. */
        S3Exception other() {
            return this == OBJECT
                    ? EncryptionHeaders.otherKey()
                    : new S3Exception(
                            S3Error.INVALID_REQUEST,
                            "The provided encryption parameters did not match the ones used originally.");
        }
    }

    private static Encrypted asked(KeyOf subject, Asking asking) {
        try {
            return asking.run();
        } catch (KeyRefusedException refused) {
            throw refusal(refused, subject);
        }
    }

    /** The cause is in the access log. Only what an operator must correct is also in the other log, which clients must not fill. */
    private static S3Exception refusal(KeyRefusedException refused, KeyOf subject) {
        S3Exception answer = switch (refused.reason()) {
            case NOT_CONFIGURED ->
                new S3Exception(
                        S3Error.INVALID_ARGUMENT,
                        "Request specifies Server Side Encryption but server configuration does not support this.");
            case NO_SUCH_KEY -> new S3Exception(S3Error.KMS_KEY_NOT_FOUND);
            case DENIED, OTHER_PROJECT ->
                new S3Exception(S3Error.ACCESS_DENIED, "The key cannot be used for this bucket.");
            case UNUSABLE ->
                new S3Exception(S3Error.INVALID_ARGUMENT, "KMS provided an invalid key for the given kms-keyid.");
            case OTHER_CUSTOMER_KEY -> subject.other();
            case DAMAGED -> {
                LOG.error("An object cannot be decrypted: {}", refused.getMessage());
                yield new S3Exception(S3Error.INTERNAL_ERROR);
            }
        };
        return answer.because(refused.getMessage());
    }
}
