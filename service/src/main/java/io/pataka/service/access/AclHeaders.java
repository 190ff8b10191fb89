package io.pataka.service.access;

import io.pataka.service.model.Owner;
import io.pataka.service.protocol.RequestHeaders;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The ACL that request headers ask for: {@code x-amz-acl}, or {@code x-amz-grant-*}.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObjectAcl.html">AWS: PutObjectAcl</a>
 */
final class AclHeaders {

    static final String CANNED = "x-amz-acl";

    private static final Map<String, Grant.Right> GRANTS = new LinkedHashMap<>();

    static {
        GRANTS.put("x-amz-grant-read", Grant.Right.READ);
        GRANTS.put("x-amz-grant-write", Grant.Right.WRITE);
        GRANTS.put("x-amz-grant-read-acp", Grant.Right.READ_ACP);
        GRANTS.put("x-amz-grant-write-acp", Grant.Right.WRITE_ACP);
        GRANTS.put("x-amz-grant-full-control", Grant.Right.FULL_CONTROL);
    }

    private final GranteeDirectory directory;

    AclHeaders(GranteeDirectory directory) {
        this.directory = directory;
    }

    /**
     * @param owner of the bucket or object that the list is for
     * @return empty when the headers say nothing
     * @throws S3Exception InvalidArgument for a name or grantee that is not there; InvalidRequest for both kinds of header at
     *     once; UnresolvableGrantByEmailAddress
     */
    Optional<Acl> read(RequestHeaders headers, Owner owner, Owner bucketOwner) {
        Optional<CannedAcl> canned = canned(headers);
        List<Grant> grants = grants(headers);
        if (canned.isPresent() && !grants.isEmpty()) {
            throw new S3Exception(
                    S3Error.INVALID_REQUEST, "Specifying both Canned ACLs and Header Grants is not allowed");
        }
        return canned.map(named -> named.acl(owner, bucketOwner))
                .or(() -> grants.isEmpty() ? Optional.empty() : Optional.of(new Acl(grants)));
    }

    /** The list that is named; empty when none is. */
    static Optional<CannedAcl> canned(RequestHeaders headers) {
        return headers.first(CANNED)
                .filter(text -> !text.isEmpty())
                .map(text -> CannedAcl.named(text)
                        .orElseThrow(() -> new S3Exception(S3Error.INVALID_ARGUMENT).argument(CANNED, text)));
    }

    /**
     * Whether a list asks for the full control of the bucket's owner and no more. It is the one list that a bucket takes where lists
     * do not count; {@code private}, which comes to the same, is refused, as Amazon does.
     *
     * @param asked the list of the request, in headers or a document
     */
    static boolean isOwnersControl(RequestHeaders headers, Acl asked, Owner bucketOwner) {
        Optional<CannedAcl> named = canned(headers);
        return named.isPresent()
                ? named.get() == CannedAcl.BUCKET_OWNER_FULL_CONTROL
                : !asked.opensBeyond(bucketOwner)
                        && asked.grants().stream().allMatch(grant -> grant.right() == Grant.Right.FULL_CONTROL);
    }

    private List<Grant> grants(RequestHeaders headers) {
        List<Grant> grants = new ArrayList<>();
        GRANTS.forEach((header, right) -> {
            for (String value : headers.all(header)) {
                for (String grantee : value.split(",", -1)) {
                    // Counted before each is looked up: an unknown grantee is a question to Keystone.
                    if (grants.size() == Acl.MAX_GRANTS) {
                        throw new S3Exception(S3Error.INVALID_REQUEST, "The request has more than 100 grants");
                    }
                    grants.add(new Grant(grantee(header, grantee.trim()), right));
                }
            }
        });
        return grants;
    }

    private Grantee grantee(String header, String text) {
        int equals = text.indexOf('=');
        if (equals < 0) {
            throw new S3Exception(S3Error.INVALID_ARGUMENT, "Argument format not recognized").argument(header, text);
        }
        String value = unquoted(text.substring(equals + 1).trim());
        return switch (text.substring(0, equals).trim().toLowerCase(Locale.ROOT)) {
            case "id" -> Grantees.canonical(directory, value, "id");
            case "uri" -> Grantees.group(value, "uri");
            case "emailaddress" -> Grantees.byEmailAddress(directory, value);
            default ->
                throw new S3Exception(S3Error.INVALID_ARGUMENT, "Argument format not recognized")
                        .argument(header, text);
        };
    }

    private static String unquoted(String value) {
        boolean quoted = value.length() >= 2
                && (value.startsWith("\"") && value.endsWith("\"") || value.startsWith("'") && value.endsWith("'"));
        return quoted ? value.substring(1, value.length() - 1) : value;
    }
}
