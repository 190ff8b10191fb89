package io.pataka.service.access.policy;

import io.pataka.service.model.Bucket;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;

/**
 * What a service of this server that acts for a bucket asks of a policy.
 *
 * @param service its principal, such as {@code logging.s3.amazonaws.com}
 * @param source for which the service acts; {@code aws:SourceArn} and {@code aws:SourceAccount} name it
 * @param resource its ARN
 * @param resourceOwner the id of the project that owns the resource
 */
public record ServiceQuestion(
        String service, Bucket source, String action, String resource, String resourceOwner, Instant now)
        implements PolicyQuestion {

    private static final String PUT_OBJECT = "s3:PutObject";

    public ServiceQuestion {
        Objects.requireNonNull(service);
        Objects.requireNonNull(source);
        Objects.requireNonNull(action);
        Objects.requireNonNull(resource);
        Objects.requireNonNull(resourceOwner);
        Objects.requireNonNull(now);
    }

    /**
     * Whether the service may put an object into another bucket.
     *
     * @param target whose policy is asked
     * @param key of the object, or what the keys of the objects begin with
     * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-server-access-logging.html">AWS: permissions for log
     *     delivery</a>
     */
    public static ServiceQuestion putObject(String service, Bucket source, Bucket target, String key, Instant now) {
        return new ServiceQuestion(
                service,
                source,
                PUT_OBJECT,
                "arn:aws:s3:::" + target.name() + "/" + key,
                target.owner().id(),
                now);
    }

    /**
     * Whether events of a bucket may be sent to a topic, whose policy is asked.
     *
     * @param owner the id of the project that owns the topic
     * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/grant-destinations-permissions-to-s3.html">AWS: permissions to
     *     publish event notifications</a>
     */
    public static ServiceQuestion publish(Bucket source, String topicArn, String owner, Instant now) {
        return new ServiceQuestion("s3.amazonaws.com", source, "sns:Publish", topicArn, owner, now);
    }

    @Override
    public PolicyPrincipal principal() {
        return PolicyPrincipal.ofService(service);
    }

    /** Services write as if over TLS, come from no address, and give the owner of the target full control, as Amazon's do. */
    @Override
    public List<String> values(String conditionKey) {
        return switch (conditionKey) {
            case "aws:CurrentTime" ->
                List.of(now.truncatedTo(ChronoUnit.SECONDS).toString());
            case "aws:EpochTime" -> List.of(Long.toString(now.getEpochSecond()));
            case "aws:PrincipalIsAWSService", "aws:SecureTransport" -> List.of("true");
            case "aws:PrincipalServiceName" -> List.of(service);
            case "aws:PrincipalType" -> List.of("Service");
            case "aws:ResourceAccount" -> List.of(resourceOwner);
            case "s3:ResourceAccount" -> ofObject(resourceOwner);
            case "aws:SourceAccount" -> List.of(source.owner().id());
            case "aws:SourceArn" -> List.of("arn:aws:s3:::" + source.name());
            case "aws:ViaAWSService" -> List.of("false");
            case "s3:x-amz-acl" -> ofObject("bucket-owner-full-control");
            default -> List.of();
        };
    }

    private List<String> ofObject(String value) {
        return action.equals(PUT_OBJECT) ? List.of(value) : List.of();
    }
}
