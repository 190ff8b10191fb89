package io.pataka.service.access.policy;

import io.pataka.service.model.Bucket;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;

/**
 * What a service that acts for one bucket asks of the policy of another: whether it may put objects there.
 *
 * @param service {@code logging.s3.amazonaws.com}
 * @param source for which the service acts; {@code aws:SourceArn} and {@code aws:SourceAccount} name it
 * @param target whose policy is asked
 * @param key of the object, or what the keys of the objects begin with
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-server-access-logging.html">AWS: permissions for log
 *     delivery</a>
 */
public record ServiceQuestion(String service, Bucket source, Bucket target, String key, Instant now)
        implements PolicyQuestion {

    public ServiceQuestion {
        Objects.requireNonNull(service);
        Objects.requireNonNull(source);
        Objects.requireNonNull(target);
        Objects.requireNonNull(key);
        Objects.requireNonNull(now);
    }

    @Override
    public PolicyPrincipal principal() {
        return PolicyPrincipal.ofService(service);
    }

    @Override
    public String action() {
        return "s3:PutObject";
    }

    @Override
    public String resource() {
        return "arn:aws:s3:::" + target.name() + "/" + key;
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
            case "aws:ResourceAccount", "s3:ResourceAccount" ->
                List.of(target.owner().id());
            case "aws:SourceAccount" -> List.of(source.owner().id());
            case "aws:SourceArn" -> List.of("arn:aws:s3:::" + source.name());
            case "aws:ViaAWSService" -> List.of("false");
            case "s3:x-amz-acl" -> List.of("bucket-owner-full-control");
            default -> List.of();
        };
    }
}
