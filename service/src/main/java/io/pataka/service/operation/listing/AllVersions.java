package io.pataka.service.operation.listing;

import io.pataka.service.metadata.ObjectIndex;
import io.pataka.service.metadata.ObjectIndex.KeyRange;
import io.pataka.service.metadata.ObjectIndex.ListedVersion;
import io.pataka.service.metadata.ObjectIndex.VersionRange;
import io.pataka.service.model.Bucket;
import java.util.List;
import java.util.Optional;

/** The versions and delete markers of a bucket, newest first within a key. */
final class AllVersions implements ListingSource<ListedVersion> {

    private final ObjectIndex index;
    private final Bucket bucket;

    AllVersions(ObjectIndex index, Bucket bucket) {
        this.index = index;
        this.bucket = bucket;
    }

    @Override
    public List<ListedVersion> next(ListingPosition from, Optional<byte[]> before, int limit) {
        KeyRange keys = new KeyRange(from.key(), from.inclusive(), before);
        return index.scanVersions(bucket, new VersionRange(keys, from.olderThan()), limit);
    }

    @Override
    public byte[] key(ListedVersion entry) {
        return entry.object().key().bytes();
    }

    @Override
    public ListingPosition after(ListedVersion entry) {
        return ListingPosition.afterVersion(
                entry.object().key().bytes(), entry.id().sequence());
    }
}
