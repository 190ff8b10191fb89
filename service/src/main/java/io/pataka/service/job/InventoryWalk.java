package io.pataka.service.job;

import io.pataka.service.blob.BlobInventory;
import io.pataka.service.blob.BlobInventory.BlobEntry;
import io.pataka.service.blob.BlobInventory.Page;
import io.pataka.service.blob.BlobStoreException;
import java.util.ArrayDeque;
import java.util.Optional;

/**
 * Visits every blob of the inventory, page by page. It can stop after each blob and go on later. The blobs of one page are in memory
 * at a time.
 */
final class InventoryWalk {

    private final BlobInventory inventory;
    private final ArrayDeque<BlobEntry> entries = new ArrayDeque<>();
    private Optional<String> position = Optional.empty();
    private boolean isAtTheEnd;

    InventoryWalk(BlobInventory inventory) {
        this.inventory = inventory;
    }

    /** The next blob of the page. */
    Optional<BlobEntry> next() {
        return Optional.ofNullable(entries.poll());
    }

    /** Whether the page that was read last is the last one of the round. */
    boolean isAtTheEnd() {
        return isAtTheEnd;
    }

    /** Where the next page begins; empty at the beginning of a round. */
    Optional<String> position() {
        return position;
    }

    /** Goes on at a position that an earlier walk came to. Blobs of the page before it are not visited any more. */
    void moveTo(Optional<String> begin) {
        entries.clear();
        isAtTheEnd = false;
        position = begin;
    }

    /**
     * Reads the next page. After one that cannot be listed the walk goes on with the page that follows it.
     *
     * @return false once after every round
     */
    boolean advance() throws BlobStoreException {
        if (isAtTheEnd) {
            isAtTheEnd = false;
            return false;
        }
        Page page = inventory.page(position);
        position = page.next();
        isAtTheEnd = position.isEmpty();
        entries.addAll(page.blobs());
        if (page.failure().isPresent()) {
            throw page.failure().get();
        }
        return true;
    }
}
