package io.pataka.service.operation.listing;

import io.pataka.service.metadata.ObjectIndex;
import io.pataka.service.metadata.ObjectIndex.KeyRange;
import io.pataka.service.metadata.ObjectIndex.ListedObject;
import io.pataka.service.model.Bucket;
import java.util.List;
import java.util.Optional;

/** The current objects of a bucket. */
final class CurrentObjects implements ListingSource<ListedObject> {

    private final ObjectIndex index;
    private final Bucket bucket;

    CurrentObjects(ObjectIndex index, Bucket bucket) {
        this.index = index;
        this.bucket = bucket;
    }

    @Override
    public List<ListedObject> next(ListingPosition from, Optional<byte[]> before, int limit) {
        return index.scan(bucket, new KeyRange(from.key(), from.inclusive(), before), limit);
    }

    @Override
    public byte[] key(ListedObject entry) {
        return entry.key().bytes();
    }

    @Override
    public ListingPosition after(ListedObject entry) {
        return ListingPosition.after(entry.key().bytes());
    }
}
