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
    private Optional<String> page = Optional.empty();
    private Optional<String> following = Optional.empty();
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

    /**
     * Where another walk goes on so that it visits every blob that this one has not: at the page that is not visited completely yet.
     * Empty at the beginning of a round.
     */
    Optional<String> position() {
        return entries.isEmpty() && !isAtTheEnd ? following : page;
    }

    /** Goes on at a position that another walk came to. */
    void moveTo(Optional<String> position) {
        entries.clear();
        isAtTheEnd = false;
        following = position;
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
        page = following;
        Page found = inventory.page(page);
        following = found.next();
        isAtTheEnd = following.isEmpty();
        entries.addAll(found.blobs());
        if (found.failure().isPresent()) {
            throw found.failure().get();
        }
        return true;
    }
}
