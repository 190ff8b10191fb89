package io.pataka.service.operation.listing;

import io.pataka.service.access.AdmittedCall;
import io.pataka.service.metadata.ObjectIndex;
import io.pataka.service.metadata.ObjectIndex.ListedObject;
import io.pataka.service.operation.Operation;
import io.pataka.service.protocol.EncodingType;
import io.pataka.service.protocol.S3Response;
import io.pataka.service.protocol.xml.XmlWriter;
import java.util.Optional;

/**
 * The current objects of a bucket, in the first form: the next page begins after a marker, which may be any text. The prefix is
 * told as it is even where keys are encoded, as Ceph Gateway does; SDKs do not decode it here, though they do in the second form.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjects.html">AWS: ListObjects</a>
 */
final class ListObjects implements Operation {

    private final ObjectIndex index;

    ListObjects(ObjectIndex index) {
        this.index = index;
    }

    @Override
    public S3Response perform(AdmittedCall call) {
        ListingRequest request = ListingRequest.of(call.parameters());
        byte[] marker = call.parameters().firstBytes("marker").orElse(KeyBytes.NONE);
        Optional<ListingPosition> start = Markers.after(marker, request);
        ListingPage<ListedObject> page = request.page(new CurrentObjects(index, call.bucket()), start);
        XmlWriter xml = XmlWriter.document("ListBucketResult")
                .leaf("Name", call.bucket().name().text())
                .leaf("Prefix", EncodingType.PLAIN.show(request.prefix()))
                .leaf("Marker", request.show(marker));
        if (page.isTruncated() && request.delimiter().length > 0) {
            xml.leaf("NextMarker", page.last().map(ListObjects::marker).map(request::show));
        }
        xml.leaf("MaxKeys", request.maxKeys());
        ListingXml.delimiter(xml, request);
        xml.leaf("EncodingType", request.encoding().label()).leaf("IsTruncated", page.isTruncated());
        ListingXml.contents(xml, request, page.entries(), true);
        ListingXml.commonPrefixes(xml, request, page.commonPrefixes());
        return S3Response.xml(xml.toBytes());
    }

    private static byte[] marker(ListingPage.Line<ListedObject> line) {
        return line.entry().map(object -> object.key().bytes()).orElseGet(line::commonPrefix);
    }
}
