package io.pataka.service.blob;

import java.nio.file.Path;

final class MemoryBlobStoreTest extends BlobStoreContract {

    private final MemoryBlobStore memory = new MemoryBlobStore();

    @Override
    void open(Path directory) {
        store = memory;
        inventory = memory;
    }
}
