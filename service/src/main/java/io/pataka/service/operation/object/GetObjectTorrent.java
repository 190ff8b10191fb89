package io.pataka.service.operation.object;

import io.pataka.service.access.AdmittedCall;
import io.pataka.service.operation.ObjectLookup;
import io.pataka.service.operation.Operation;
import io.pataka.service.protocol.S3Response;

/**
 * No object has a torrent: Amazon gave them up in 2022 and answers NoSuchKey, as Ceph Gateway does.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObjectTorrent.html">AWS: GetObjectTorrent</a>
 */
final class GetObjectTorrent implements Operation {

    private final ObjectLookup lookup;

    GetObjectTorrent(ObjectLookup lookup) {
        this.lookup = lookup;
    }

    @Override
    public S3Response perform(AdmittedCall call) {
        lookup.find(call);
        throw ObjectLookup.noSuchKey(call);
    }
}
