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
 * The current objects of a bucket, in the first form: the next page begins after a marker, which may be any text.
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
        ListingPage<ListedObject> page = request.page(call, new CurrentObjects(index, call.bucket()), start);
        XmlWriter xml = XmlWriter.document("ListBucketResult")
                .leaf("Name", call.bucket().name().text())
                .leaf("Prefix", prefix(request))
                .leaf("Marker", request.show(marker));
        if (page.isTruncated() && request.delimiter().length > 0) {
            xml.leaf("NextMarker", page.last().map(ListObjects::marker).map(request::show));
        }
        xml.leaf("MaxKeys", request.maxKeys());
        ListingXml.delimiter(xml, request);
        xml.leaf("EncodingType", request.encoding().label()).leaf("IsTruncated", page.isTruncated());
        ListingXml.contents(xml, request, page.entries(), ListedOwner.ID_AND_NAME.to(call.caller()));
        ListingXml.commonPrefixes(xml, request, page.commonPrefixes());
        return S3Response.xml(xml.toBytes());
    }

    /**
     * Amazon encodes the prefix as it encodes keys. Java's SDK decodes it. botocore decodes it in the second form of the listing but
     * not in this one, and the tests of Ceph Gateway expect the prefix that they sent. So a prefix that decoding does not change, and
     * that XML can carry, is sent as it is. Clients of both kinds then read the right prefix.
     */
    private static String prefix(ListingRequest request) {
        String plain = EncodingType.PLAIN.show(request.prefix());
        return plain.chars().allMatch(ListObjects::readsTheSame) ? plain : request.show(request.prefix());
    }

    private static boolean readsTheSame(int c) {
        boolean decodes = c == '%' || c == '+';
        boolean inXml = c == '\n' || (c >= ' ' && c < Character.MIN_SURROGATE && c != 0x7F);
        return inXml && !decodes;
    }

    private static byte[] marker(ListingPage.Line<ListedObject> line) {
        return line.entry().map(object -> object.key().bytes()).orElseGet(line::commonPrefix);
    }
}
