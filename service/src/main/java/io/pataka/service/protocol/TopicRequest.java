package io.pataka.service.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Locale;

/**
 * Requests of the API for topics, which is the part of Amazon's SNS that Ceph Gateway has. They are sent to the service as {@code POST
 * /}. Their parameters are a form in the body, or stand in the query.
 *
 * @see <a href="https://docs.ceph.com/en/latest/radosgw/notifications/#create-a-topic">Ceph: topics</a>
 * @see <a href="https://docs.aws.amazon.com/sns/latest/api/API_CreateTopic.html">AWS: CreateTopic</a>
 */
public final class TopicRequest {

    /** The parameter with the name of the operation. */
    public static final String ACTION = "Action";

    /** The service in the scope of a signature that SDKs make for topics. */
    public static final String SERVICE = "sns";

    /** The most bytes of a form: a policy of 20 KiB, in which every byte is escaped, and the other attributes. */
    public static final int LONGEST_FORM = 128 * 1024;

    private static final String FORM = "application/x-www-form-urlencoded";

    private TopicRequest() {}

    /**
     * Whether a request to the service has a form that may name an action.
     *
     * @param headers before authentication
     */
    public static boolean hasForm(String method, RequestHeaders headers) {
        return method.equals("POST")
                && headers.first("content-type")
                        .filter(type -> type.split(";", 2)[0]
                                .trim()
                                .toLowerCase(Locale.ROOT)
                                .equals(FORM))
                        .isPresent();
    }

    /** Whether the parameters of a request to the service name an action. */
    public static boolean isOne(String method, Parameters parameters) {
        return method.equals("POST") && parameters.has(ACTION);
    }

    /**
     * The parameters of the query and of the form.
     *
     * @throws S3Exception InvalidURI when an escape is broken; it has no details, which could be a password
     */
    public static Parameters parameters(String rawQuery, byte[] form) {
        try {
            return Parameters.parse(rawQuery + "&" + new String(form, UTF_8).trim());
        } catch (S3Exception broken) {
            throw new S3Exception(broken.error(), "A percent sign must be followed by two hexadecimal digits.");
        }
    }
}
