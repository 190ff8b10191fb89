package io.pataka.service.access.policy;

import io.pataka.service.model.Bucket;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;

/**
 * What the policy of a topic is asked: whether this server may send events of a bucket to the topic.
 *
 * @param source the bucket; {@code aws:SourceArn} and {@code aws:SourceAccount} name it
 * @param owner the id of the project that owns the topic
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/grant-destinations-permissions-to-s3.html">AWS: permissions to
 *     publish event notifications</a>
 */
public record TopicServiceQuestion(Bucket source, String topicArn, String owner, Instant now)
        implements PolicyQuestion {

    private static final String SERVICE = "s3.amazonaws.com";

    public TopicServiceQuestion {
        Objects.requireNonNull(source);
        Objects.requireNonNull(topicArn);
        Objects.requireNonNull(owner);
        Objects.requireNonNull(now);
    }

    @Override
    public PolicyPrincipal principal() {
        return PolicyPrincipal.ofService(SERVICE);
    }

    @Override
    public String action() {
        return "sns:Publish";
    }

    @Override
    public String resource() {
        return topicArn;
    }

    @Override
    public List<String> values(String conditionKey) {
        return switch (conditionKey) {
            case "aws:CurrentTime" ->
                List.of(now.truncatedTo(ChronoUnit.SECONDS).toString());
            case "aws:EpochTime" -> List.of(Long.toString(now.getEpochSecond()));
            case "aws:PrincipalIsAWSService", "aws:SecureTransport" -> List.of("true");
            case "aws:PrincipalServiceName" -> List.of(SERVICE);
            case "aws:PrincipalType" -> List.of("Service");
            case "aws:ResourceAccount" -> List.of(owner);
            case "aws:SourceAccount" -> List.of(source.owner().id());
            case "aws:SourceArn" -> List.of("arn:aws:s3:::" + source.name());
            case "aws:ViaAWSService" -> List.of("false");
            default -> List.of();
        };
    }
}
