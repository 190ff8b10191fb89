package io.pataka.service.operation.inventory;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.pataka.service.access.AdmittedCall;
import io.pataka.service.inventory.InventoryConfiguration;
import io.pataka.service.inventory.InventoryXml;
import io.pataka.service.operation.Operation;
import io.pataka.service.protocol.ContinuationToken;
import io.pataka.service.protocol.S3Response;
import io.pataka.service.protocol.xml.XmlWriter;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/**
 * Lists the inventory configurations of a bucket by id, at most 100 at a time.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListBucketInventoryConfigurations.html">AWS:
 *     ListBucketInventoryConfigurations</a>
 */
final class ListBucketInventoryConfigurations implements Operation {

    private static final int PAGE = 100;

    private final StoredInventories inventories;

    ListBucketInventoryConfigurations(StoredInventories inventories) {
        this.inventories = inventories;
    }

    @Override
    public S3Response perform(AdmittedCall call) {
        Optional<String> token = call.parameters().first("continuation-token").filter(text -> !text.isEmpty());
        String from = token.map(text -> new String(ContinuationToken.parse(text).position(), UTF_8))
                .orElse("");
        SortedMap<String, InventoryConfiguration> rest = inventories.of(call).tailMap(from);
        List<InventoryConfiguration> page = rest.values().stream().limit(PAGE).toList();
        Optional<String> next = rest.keySet().stream().skip(PAGE).findFirst();
        XmlWriter writer =
                XmlWriter.document("ListInventoryConfigurationsResult").leaf("ContinuationToken", token);
        page.forEach(configuration -> InventoryXml.write(writer, configuration));
        return S3Response.xml(writer.leaf("IsTruncated", next.isPresent())
                .leaf("NextContinuationToken", next.map(id -> new ContinuationToken(id.getBytes(UTF_8), true).text()))
                .toBytes());
    }
}
