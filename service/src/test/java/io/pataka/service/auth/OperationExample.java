package io.pataka.service.auth;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.pataka.service.protocol.AccountRequest;
import io.pataka.service.protocol.Route;
import io.pataka.service.protocol.S3Operation;
import io.pataka.service.signature.V2StringToSign;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A request for one operation of the table, not signed yet. It is made from the operation's row, so that a new row has an example,
 * too.
 *
 * @param content object content, a document, or nothing
 * @param isHandled whether a class performs the operation; otherwise it is admitted and then answered with 501
 * @param readsContent whether the operation reads the content, and so refuses changed content
 */
@SuppressWarnings("ArrayRecordComponent")
record OperationExample(
        S3Operation operation, WireRequest plain, byte[] content, boolean isHandled, boolean readsContent) {

    /** Two chunks of the least size that Amazon lets one have. */
    private static final int STREAM = 2 * AwsChunkedInputStream.SMALLEST_SIGNED_CHUNK;

    private static final String XMLNS = " xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"";

    private static final Map<S3Operation, String> DOCUMENTS = new EnumMap<>(S3Operation.class);

    /** A form without a policy, which is an anonymous one. */
    private static final String FORM = """
            --edge\r
            Content-Disposition: form-data; name="key"\r
            \r
            posted\r
            --edge\r
            Content-Disposition: form-data; name="file"; filename="f"\r
            \r
            some bytes\r
            --edge--\r
            """;

    /** The parameters of all operations on topics; the action is in the query. */
    private static final String TOPIC = "Name=matrix&TopicArn=arn%3Aaws%3Asns%3Aus-east-1%3Adevelopment%3Amatrix"
            + "&AttributeName=OpaqueData&AttributeValue=x";

    /** Operations whose headers say all that they do. */
    private static final Set<S3Operation> WITHOUT_CONTENT = EnumSet.of(
            S3Operation.COPY_OBJECT,
            S3Operation.UPLOAD_PART_COPY,
            S3Operation.RENAME_OBJECT,
            S3Operation.CREATE_MULTIPART_UPLOAD,
            S3Operation.POST_BUCKET_LOGGING);

    /** Operations that need a name which is not taken yet. */
    private static final Set<S3Operation> NEW_NAME =
            EnumSet.of(S3Operation.CREATE_BUCKET, S3Operation.APPEND_OBJECT, S3Operation.RENAME_OBJECT);

    static {
        String acl = "<AccessControlPolicy" + XMLNS
                + "><Owner><ID>development</ID></Owner><AccessControlList/></AccessControlPolicy>";
        DOCUMENTS.put(S3Operation.PUT_BUCKET_ACL, acl);
        DOCUMENTS.put(S3Operation.PUT_OBJECT_ACL, acl);
        DOCUMENTS.put(
                S3Operation.PUT_BUCKET_VERSIONING,
                "<VersioningConfiguration" + XMLNS + "><Status>Enabled</Status></VersioningConfiguration>");
        String tags = "<Tagging" + XMLNS + "><TagSet><Tag><Key>a</Key><Value>b</Value></Tag></TagSet></Tagging>";
        DOCUMENTS.put(S3Operation.PUT_BUCKET_TAGGING, tags);
        DOCUMENTS.put(S3Operation.PUT_OBJECT_TAGGING, tags);
        String block = "<PublicAccessBlockConfiguration" + XMLNS
                + "><BlockPublicAcls>true</BlockPublicAcls></PublicAccessBlockConfiguration>";
        DOCUMENTS.put(S3Operation.PUT_PUBLIC_ACCESS_BLOCK, block);
        DOCUMENTS.put(S3Operation.PUT_ACCOUNT_PUBLIC_ACCESS_BLOCK, block);
        DOCUMENTS.put(
                S3Operation.PUT_BUCKET_REQUEST_PAYMENT,
                "<RequestPaymentConfiguration" + XMLNS + "><Payer>Requester</Payer></RequestPaymentConfiguration>");
        DOCUMENTS.put(
                S3Operation.PUT_OBJECT_RETENTION,
                "<Retention" + XMLNS
                        + "><Mode>GOVERNANCE</Mode><RetainUntilDate>2140-01-01T00:00:00Z</RetainUntilDate></Retention>");
        DOCUMENTS.put(S3Operation.PUT_OBJECT_LEGAL_HOLD, "<LegalHold" + XMLNS + "><Status>ON</Status></LegalHold>");
        DOCUMENTS.put(S3Operation.DELETE_OBJECTS, "<Delete" + XMLNS + "><Object><Key>key</Key></Object></Delete>");
    }

    /**
     * @param bucket holds the object {@code key} and an upload of it
     */
    static OperationExample of(S3Operation operation, String host, String bucket, String uploadId, boolean hasHandler) {
        Route route = operation.route();
        List<String> query = new ArrayList<>(route.words());
        route.needs().forEach(name -> query.add(name + "=" + value(name, uploadId)));
        route.values().forEach((name, value) -> query.add(name + "=" + value));
        query.add("response-content-language=mi");
        SortedMap<String, String> headers = new TreeMap<>(Map.of("host", host, "x-amz-meta-colour", "red"));
        route.headers().forEach(name -> headers.put(name, "/" + bucket + "/key"));
        if (operation == S3Operation.GET_OBJECT_ATTRIBUTES) {
            headers.put("x-amz-object-attributes", "ObjectSize");
        }
        if (route.resource() == Route.Resource.ACCOUNT_ACCESS_BLOCK) {
            headers.put(AccountRequest.ACCOUNT, "development");
        }
        String name = NEW_NAME.contains(operation) ? "new" : "";
        String path = switch (route.resource()) {
            case SERVICE, TOPICS -> "/";
            case BUCKET -> "/" + bucket + name;
            case OBJECT -> "/" + bucket + "/" + name + "key";
            case ACCOUNT_ACCESS_BLOCK -> "/v20180820/configuration/publicAccessBlock";
        };
        boolean reads = hasHandler
                && (route.method().equals("PUT") || route.method().equals("POST"))
                && !WITHOUT_CONTENT.contains(operation)
                && operation != S3Operation.POST_OBJECT;
        byte[] content = reads ? content(operation) : new byte[0];
        if (operation == S3Operation.POST_OBJECT) {
            headers.put("content-type", "multipart/form-data; boundary=edge");
            content = FORM.getBytes(UTF_8);
        } else if (reads && operation.isOfTopics()) {
            headers.put("content-type", "application/x-www-form-urlencoded");
            content = TOPIC.getBytes(UTF_8);
        } else if (reads) {
            headers.put("content-type", "text/plain");
        }
        return new OperationExample(
                operation, new WireRequest(route.method(), path, query, headers, content), content, hasHandler, reads);
    }

    private static String value(String parameter, String uploadId) {
        return switch (parameter) {
            case "uploadId" -> uploadId;
            case "position" -> "0";
            default -> "1";
        };
    }

    private static byte[] content(S3Operation operation) {
        if (!operation.route().streams()) {
            return DOCUMENTS.getOrDefault(operation, "<Example/>").getBytes(UTF_8);
        }
        byte[] stream = new byte[STREAM];
        Arrays.fill(stream, 0, STREAM / 2, (byte) 'a');
        Arrays.fill(stream, STREAM / 2, STREAM, (byte) 'b');
        return stream;
    }

    /** Whether version 2 covers every word that decides the operation. */
    boolean isCoveredByVersion2() {
        return !operation.isOfTopics()
                && Stream.concat(operation.route().words().stream(), operation.route().needs().stream())
                        .allMatch(V2StringToSign::signs);
    }
}
