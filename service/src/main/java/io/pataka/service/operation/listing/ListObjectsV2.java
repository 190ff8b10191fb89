package io.pataka.service.operation.listing;

import io.pataka.service.access.AdmittedCall;
import io.pataka.service.metadata.ObjectIndex;
import io.pataka.service.metadata.ObjectIndex.ListedObject;
import io.pataka.service.operation.Operation;
import io.pataka.service.protocol.ContinuationToken;
import io.pataka.service.protocol.Parameters;
import io.pataka.service.protocol.S3Response;
import io.pataka.service.protocol.xml.XmlWriter;
import java.util.Optional;

/**
 * The current objects of a bucket, in the second form: a token says where the next page begins, and owners are listed only on demand.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html">AWS: ListObjectsV2</a>
 */
final class ListObjectsV2 implements Operation {

    private final ObjectIndex index;

    ListObjectsV2(ObjectIndex index) {
        this.index = index;
    }

    @Override
    public S3Response perform(AdmittedCall call) {
        Parameters parameters = call.parameters();
        ListingRequest request = ListingRequest.of(parameters);
        Optional<String> token = parameters.first("continuation-token");
        Optional<byte[]> startAfter = parameters.firstBytes("start-after");
        Optional<ListingPosition> start = start(token, startAfter, request);
        ListingPage<ListedObject> page = request.page(call, new CurrentObjects(index, call.bucket()), start);
        boolean withOwner =
                parameters.first("fetch-owner").filter("true"::equalsIgnoreCase).isPresent();
        ListedOwner owner = withOwner ? ListedOwner.ID.to(call.caller()) : ListedOwner.NOTHING;
        XmlWriter xml = XmlWriter.document("ListBucketResult")
                .leaf("Name", call.bucket().name().text())
                .leaf("Prefix", request.show(request.prefix()))
                .leaf("StartAfter", startAfter.map(request::show))
                .leaf("ContinuationToken", token)
                .leaf("NextContinuationToken", page.next().map(ListObjectsV2::token))
                .leaf("KeyCount", page.lines().size())
                .leaf("MaxKeys", request.maxKeys());
        ListingXml.delimiter(xml, request);
        xml.leaf("EncodingType", request.encoding().label()).leaf("IsTruncated", page.isTruncated());
        ListingXml.contents(xml, request, page.entries(), owner);
        ListingXml.commonPrefixes(xml, request, page.commonPrefixes());
        return S3Response.xml(xml.toBytes());
    }

    /** A token says more exactly than {@code start-after} where to go on, so it wins. */
    private static Optional<ListingPosition> start(
            Optional<String> token, Optional<byte[]> startAfter, ListingRequest request) {
        if (token.isPresent() && !token.get().isEmpty()) {
            ContinuationToken place = ContinuationToken.parse(token.get());
            return Optional.of(
                    place.inclusive() ? ListingPosition.at(place.position()) : ListingPosition.after(place.position()));
        }
        return Markers.afterKey(startAfter.orElse(KeyBytes.NONE), request);
    }

    private static String token(ListingPosition next) {
        return new ContinuationToken(next.key(), next.inclusive()).text();
    }
}
