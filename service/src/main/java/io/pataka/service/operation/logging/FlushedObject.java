package io.pataka.service.operation.logging;

import io.pataka.service.model.ObjectKey;
import io.pataka.service.protocol.S3Response;
import io.pataka.service.protocol.xml.XmlWriter;

/** The answer that names the log object which a request has written. */
final class FlushedObject {

    private FlushedObject() {}

    /**
     * @param root of Ceph's document
     */
    static S3Response answer(String root, ObjectKey key) {
        return S3Response.xml(XmlWriter.document(root)
                .leaf("FlushedLoggingObject", key.toString())
                .toBytes());
    }
}
