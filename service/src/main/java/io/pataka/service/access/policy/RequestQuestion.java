package io.pataka.service.access.policy;

import io.pataka.service.model.Bucket;
import io.pataka.service.model.Caller;
import io.pataka.service.model.ObjectKey;
import io.pataka.service.protocol.CopySource;
import io.pataka.service.protocol.ObjectTags;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import io.pataka.service.protocol.S3Request;
import io.pataka.service.protocol.S3Time;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What a request asks of the policy of a bucket or of a topic. A condition key is looked up when a statement needs it, and then kept; the tags of the
 * object are fetched by the first statement that names one. For one thread.
 *
 * @see <a href="https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html">AWS: condition keys of
 *     S3</a>
 */
public final class RequestQuestion implements PolicyQuestion {

    /** What {@code aws:userid} and {@code aws:PrincipalAccount} are of an unsigned request. */
    static final String ANONYMOUS = "anonymous";

    /** Characters. */
    private static final int LONGEST_VALUE = 8 * 1024;

    static final String EXISTING_TAG = "s3:ExistingObjectTag/";
    private static final String REQUEST_TAG = "s3:RequestObjectTag/";
    private static final String HEADER = "s3:x-amz-";
    private static final String GRANT = "s3:x-amz-grant-";
    private static final String ALGORITHM = "X-Amz-Algorithm";
    private static final String DATE = "x-amz-date";
    private static final String OBJECT_LOCK = "s3:object-lock-";
    private static final String RETAIN_UNTIL = "x-amz-object-lock-retain-until-date";
    private static final DateTimeFormatter AMZ_DATE = DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'", Locale.ROOT);

    private final S3Request request;
    private final Caller caller;
    private final String resourceOwner;
    private final String action;
    private final String resource;
    private final Supplier<Map<String, String>> objectTags;
    private final Instant now;
    private final PolicyPrincipal principal;
    private final Map<String, List<String>> known;
    private final Optional<ConditionMemory> memory;
    private Map<String, String> fetchedTags;

    /**
     * @param bucket the one whose policy is asked; for a copy's source another one than the request names
     * @param action {@code s3:GetObject}
     * @param key of the object asked for; empty when it is the bucket
     * @param objectTags tags of the object as it is now; asked at most once, and only when a statement names one
     * @param known condition keys whose values are not in the request's fields: the version of a copy's source, the tags in a document.
     *     An empty list is a key that is absent.
     * @param memory of a request that names many objects
     */
    public RequestQuestion(
            S3Request request,
            Caller caller,
            Bucket bucket,
            String action,
            Optional<ObjectKey> key,
            Supplier<Map<String, String>> objectTags,
            Map<String, List<String>> known,
            Instant now,
            Optional<ConditionMemory> memory) {
        this(
                request,
                caller,
                bucket.owner().id(),
                action,
                "arn:aws:s3:::" + bucket.name().text()
                        + key.map(name -> "/" + name).orElse(""),
                objectTags,
                known,
                now,
                memory);
    }

    private RequestQuestion(
            S3Request request,
            Caller caller,
            String resourceOwner,
            String action,
            String resource,
            Supplier<Map<String, String>> objectTags,
            Map<String, List<String>> known,
            Instant now,
            Optional<ConditionMemory> memory) {
        this.request = Objects.requireNonNull(request);
        this.caller = Objects.requireNonNull(caller);
        this.resourceOwner = Objects.requireNonNull(resourceOwner);
        this.action = Objects.requireNonNull(action);
        this.resource = Objects.requireNonNull(resource);
        this.objectTags = Objects.requireNonNull(objectTags);
        this.now = Objects.requireNonNull(now);
        this.principal = PolicyPrincipal.of(caller);
        this.known = new HashMap<>(known);
        this.memory = Objects.requireNonNull(memory);
    }

    /**
     * A question to the policy of a topic.
     *
     * @param owner the id of the project that owns the topic
     * @param action {@code sns:Publish}
     * @param known condition keys whose values are not in the request's fields
     */
    public static RequestQuestion ofTopic(
            S3Request request,
            Caller caller,
            String owner,
            String action,
            String topicArn,
            Map<String, List<String>> known,
            Instant now) {
        return new RequestQuestion(request, caller, owner, action, topicArn, Map::of, known, now, Optional.empty());
    }

    @Override
    public PolicyPrincipal principal() {
        return principal;
    }

    @Override
    public Optional<ConditionMemory> memory() {
        return memory;
    }

    @Override
    public String action() {
        return action;
    }

    @Override
    public String resource() {
        return resource;
    }

    /**
     * {@inheritDoc}
     *
     * @throws S3Exception RequestHeaderSectionTooLarge for a value of more than 8 KiB, which is what Amazon takes of all headers
     *     and of the query. A policy of 20 KiB in which each character is a wildcard is compared with it
     */
    @Override
    public List<String> values(String conditionKey) {
        List<String> values = known.get(conditionKey);
        if (values == null) {
            values = lookedUp(conditionKey);
            for (String value : values) {
                if (value.length() > LONGEST_VALUE) {
                    throw new S3Exception(S3Error.REQUEST_HEADER_SECTION_TOO_LARGE)
                            .with("MaxSizeAllowed", Integer.toString(LONGEST_VALUE))
                            .because("the policy of the bucket asks for " + conditionKey);
                }
            }
            known.put(conditionKey, values);
        }
        return values;
    }

    private List<String> lookedUp(String key) {
        if (key.startsWith("aws:")) {
            return ofAws(key);
        }
        if (key.startsWith("keystone:")) {
            return caller.isAnonymous() ? List.of() : ofKeystone(key);
        }
        if (key.startsWith(EXISTING_TAG)) {
            return list(Optional.ofNullable(existingTags().get(key.substring(EXISTING_TAG.length()))));
        }
        if (key.startsWith(REQUEST_TAG)) {
            return list(Optional.ofNullable(requestTags().get(key.substring(REQUEST_TAG.length()))));
        }
        if (key.equals("s3:x-amz-copy-source")) {
            return list(copySource());
        }
        if (key.startsWith(GRANT)) {
            return list(grants(key.substring("s3:".length())));
        }
        if (key.startsWith(HEADER)) {
            return list(header(key.substring("s3:".length())));
        }
        if (key.startsWith(OBJECT_LOCK)) {
            return ofObjectLock(key.substring("s3:".length()));
        }
        return ofS3(key);
    }

    private List<String> ofAws(String key) {
        return switch (key) {
            case "aws:CurrentTime" ->
                List.of(now.truncatedTo(ChronoUnit.SECONDS).toString());
            case "aws:EpochTime" -> List.of(Long.toString(now.getEpochSecond()));
            case "aws:PrincipalAccount" -> List.of(caller.isAnonymous() ? ANONYMOUS : principal.project());
            case "aws:PrincipalArn" -> signed(principal.arn());
            case "aws:PrincipalIsAWSService", "aws:ViaAWSService" -> List.of("false");
            case "aws:PrincipalType" -> List.of(caller.isAnonymous() ? "Anonymous" : "User");
            case "aws:Referer" -> list(header("referer"));
            case "aws:ResourceAccount" -> List.of(resourceOwner);
            case "aws:SecureTransport" -> List.of(Boolean.toString(request.raw().secure()));
            case "aws:SourceIp" -> List.of(request.raw().remoteAddress());
            case "aws:UserAgent" -> list(header("user-agent"));
            case "aws:userid" -> List.of(caller.isAnonymous() ? ANONYMOUS : principal.user());
            case "aws:username" -> signed(caller.user().displayName());
            default -> List.of();
        };
    }

    private List<String> ofKeystone(String key) {
        return switch (key) {
            case "keystone:domain" -> List.of(caller.domain());
            case "keystone:project" -> List.of(principal.project());
            case "keystone:role" -> List.copyOf(caller.roles());
            case "keystone:userid" -> List.of(principal.user());
            default -> List.of();
        };
    }

    private List<String> ofS3(String key) {
        return switch (key) {
            case "s3:authType" -> signed(authType());
            case "s3:delimiter", "s3:max-keys", "s3:prefix" ->
                list(request.parameters().first(key.substring("s3:".length())));
            case "s3:if-match", "s3:if-none-match" -> list(header(key.substring("s3:".length())));
            case "s3:RequestObjectTagKeys" -> List.copyOf(requestTags().keySet());
            case "s3:ResourceAccount" -> List.of(resourceOwner);
            case "s3:signatureAge" -> caller.isAnonymous() ? List.of() : list(signatureAge());
            case "s3:signatureversion" -> signed(signatureVersion());
            case "s3:TlsVersion" -> list(request.raw().tlsVersion());
            case "s3:VersionId" -> list(request.versionId());
            default -> List.of();
        };
    }

    private List<String> ofObjectLock(String name) {
        return switch (name) {
            case "object-lock-mode", "object-lock-legal-hold" -> list(header("x-amz-" + name));
            case "object-lock-retain-until-date" -> list(header(RETAIN_UNTIL).map(RequestQuestion::inFormOfPolicies));
            case "object-lock-remaining-retention-days" ->
                list(header(RETAIN_UNTIL)
                        .flatMap(S3Time::readXml)
                        .map(until -> Long.toString(Duration.between(now, until).toDays())));
            default -> List.of();
        };
    }

    /** Object lock reads forms of a date that policies do not: a statement must not be passed over by such a form. */
    private static String inFormOfPolicies(String date) {
        return S3Time.readRetention(date).map(Instant::toString).orElse(date);
    }

    private List<String> signed(String value) {
        return caller.isAnonymous() ? List.of() : List.of(value);
    }

    private static List<String> list(Optional<String> value) {
        return value.map(List::of).orElse(List.of());
    }

    private Optional<String> header(String name) {
        return request.headers().text(name);
    }

    /** All of them: a header may stand there more than once, and each counts. */
    private Optional<String> grants(String name) {
        return request.headers().has(name)
                ? Optional.of(String.join(",", request.headers().all(name)))
                : Optional.empty();
    }

    /** Without the slash that may stand in front, decoded, without the version. */
    private Optional<String> copySource() {
        if (!request.headers().has("x-amz-copy-source")) {
            return Optional.empty();
        }
        try {
            CopySource source = CopySource.of(request.headers());
            return Optional.of(source.bucket() + "/" + source.key());
        } catch (S3Exception willBeRefused) {
            return Optional.empty();
        }
    }

    private Map<String, String> existingTags() {
        if (fetchedTags == null) {
            fetchedTags = Map.copyOf(objectTags.get());
        }
        return fetchedTags;
    }

    private Map<String, String> requestTags() {
        try {
            return ObjectTags.of(request.headers());
        } catch (S3Exception willBeRefused) {
            return Map.of();
        }
    }

    private String authType() {
        if (authorization().isPresent()) {
            return "REST-HEADER";
        }
        return isSignedInQuery() ? "REST-QUERY-STRING" : "POST";
    }

    private String signatureVersion() {
        boolean isVersion4 = authorization()
                .map(text -> text.startsWith("AWS4"))
                .orElseGet(() -> request.parameters().has(ALGORITHM)
                        || (!isSignedInQuery() && request.headers().has(ALGORITHM)));
        return isVersion4 ? "AWS4-HMAC-SHA256" : "AWS";
    }

    /** In milliseconds; a version 2 URL or form does not have the time of its signature. */
    private Optional<String> signatureAge() {
        Optional<String> signed;
        if (authorization().isPresent()) {
            signed = request.raw()
                    .headers()
                    .first(DATE)
                    .or(() -> request.raw().headers().first("date"));
        } else if (isSignedInQuery()) {
            signed = request.parameters().first("X-Amz-Date");
        } else {
            signed = header(ALGORITHM).flatMap(form -> header(DATE));
        }
        return signed.flatMap(RequestQuestion::time)
                .map(time -> Long.toString(Duration.between(time, now).toMillis()));
    }

    /** A header without text is none. What is not said exactly as signatures say it counts for nothing here either. */
    private Optional<String> authorization() {
        return request.raw().headers().first("authorization").map(String::trim).filter(text -> !text.isEmpty());
    }

    private boolean isSignedInQuery() {
        return request.parameters().has(ALGORITHM) || request.parameters().has("AWSAccessKeyId");
    }

    private static Optional<Instant> time(String text) {
        try {
            return Optional.of(LocalDateTime.parse(text, AMZ_DATE).toInstant(ZoneOffset.UTC));
        } catch (DateTimeException otherForm) {
            return S3Time.readHeader(text);
        }
    }
}
