package io.pataka.service.operation.service;

import io.pataka.service.metadata.RequestUsage.Counts;
import io.pataka.service.metadata.RequestUsage.Line;
import io.pataka.service.protocol.xml.XmlWriter;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Ceph's XML of how many requests there were. */
final class UsageXml {

    private UsageXml() {}

    /** Writes the element {@code Entries}. */
    static XmlWriter entries(XmlWriter xml, String account, List<Line> lines) {
        xml.open("Entries");
        if (!lines.isEmpty()) {
            xml.open("User").leaf("Owner", account).open("Buckets");
            BookedRequests.byBucket(lines).forEach(ofBucket -> bucket(xml, ofBucket));
            xml.close().close();
        }
        return xml.close();
    }

    private static void bucket(XmlWriter xml, List<Line> lines) {
        Instant hour = lines.get(0).subject().hour();
        xml.open("Bucket")
                .leaf("Bucket", lines.get(0).subject().bucket())
                .leaf("Time", hour.toString())
                .leaf("Epoch", hour.getEpochSecond());
        categories(xml, BookedRequests.byCategory(lines));
        xml.close();
    }

    /** Writes the element {@code User} of the summary. */
    static XmlWriter summary(XmlWriter xml, String account, List<Line> lines) {
        xml.open("User").leaf("User", account);
        categories(xml, BookedRequests.byCategory(lines));
        xml.open("Total");
        counts(xml, BookedRequests.total(lines));
        return xml.close().close();
    }

    private static void categories(XmlWriter xml, Map<String, Counts> categories) {
        xml.open("categories");
        categories.forEach((category, counts) -> {
            xml.open("Entry").leaf("Category", category);
            counts(xml, counts);
            xml.close();
        });
        xml.close();
    }

    private static void counts(XmlWriter xml, Counts counts) {
        xml.leaf("BytesSent", counts.bytesSent())
                .leaf("BytesReceived", counts.bytesReceived())
                .leaf("Ops", counts.ops())
                .leaf("SuccessfulOps", counts.successfulOps());
    }
}
