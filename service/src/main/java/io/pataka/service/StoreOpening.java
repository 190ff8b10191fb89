package io.pataka.service;

import io.pataka.service.blob.StoreFailedException;
import io.pataka.service.blob.VolumeSet;
import io.pataka.service.blob.VolumeSettings;
import io.pataka.service.metadata.Database;
import io.pataka.service.metadata.MetadataUnavailableException;
import io.pataka.service.metadata.StoreIdentity;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens the volumes of a store, if they belong to the database: with an empty database all blobs on used volumes would be
 * orphans.
 */
final class StoreOpening {

    private static final Logger LOG = LoggerFactory.getLogger(StoreOpening.class);

    private final StoreIdentity identity;
    private final Database database;

    StoreOpening(Database database) {
        this.identity = new StoreIdentity(database);
        this.database = Objects.requireNonNull(database);
    }

    /**
     * @param initialise whether an empty directory is made a volume although there are buckets
     * @param reserve bytes that stay free on every volume
     * @throws StoreFailedException when a directory is not the volume that the settings say, or of another store than the database
     */
    VolumeSet open(List<VolumeSettings> settings, boolean initialise, long reserve) throws IOException {
        VolumeSet volumes;
        try {
            volumes = openVolumes(settings, initialise, reserve);
        } catch (StoreFailedException notAVolume) {
            if (!isNew()) {
                throw notAVolume;
            }
            volumes = openVolumes(settings, true, reserve);
        }
        requireOneStore(volumes);
        return volumes;
    }

    /** Adds setting and reason, because an exception of the filesystem may have only the path as its message. */
    private static VolumeSet openVolumes(List<VolumeSettings> settings, boolean initialise, long reserve)
            throws IOException {
        try {
            return VolumeSet.open(settings, initialise, reserve);
        } catch (FileSystemException refused) {
            throw new IOException(
                    "volumes: " + reason(refused)
                            + ". Mount the disk, give the directory to the user of the service, or set another path",
                    refused);
        }
    }

    private static String reason(FileSystemException refused) {
        if (refused instanceof NoSuchFileException) {
            return refused.getFile() + " does not exist and cannot be made";
        }
        if (refused instanceof AccessDeniedException) {
            return refused.getFile() + " cannot be read or written by this user";
        }
        return refused.getFile() + " cannot be used: " + refused;
    }

    private void requireOneStore(VolumeSet volumes) throws IOException {
        try {
            if (!isOneStore(volumes)) {
                throw new StoreFailedException(otherStore("the volumes", volumes.id()));
            }
        } catch (MetadataUnavailableException noAnswer) {
            LOG.warn("Whether volumes and database belong together is checked when the database answers");
            database.checkFirst(() -> requireOneStoreNow(volumes));
        }
    }

    private void requireOneStoreNow(VolumeSet volumes) {
        try {
            if (!isOneStore(volumes)) {
                throw new MetadataUnavailableException(otherStore("the volumes", volumes.id()), null);
            }
        } catch (IOException unreadable) {
            throw new MetadataUnavailableException("the volumes cannot be read", unreadable);
        }
    }

    private boolean isOneStore(VolumeSet volumes) throws IOException {
        boolean mayClaim = identity.find().isPresent() || identity.hasBuckets() || volumes.isUnused();
        return mayClaim && identity.claim(volumes.id()).equals(volumes.id());
    }

    /**
     * The text for volumes that are of another store than the database.
     *
     * @param what belongs to the store
     */
    static String otherStore(String what, UUID store) {
        return "the store of " + what + " is " + store
                + ", which is not the one that the database describes. Is it the right database?";
    }

    /**
     * Whether the store has no bucket yet. Then an empty directory is a new volume, not a disk that is not mounted.
     *
     * @throws StoreFailedException when the database does not answer, which must be corrected first
     */
    private boolean isNew() throws StoreFailedException {
        try {
            return !identity.hasBuckets();
        } catch (MetadataUnavailableException noAnswer) {
            throw new StoreFailedException(
                    "the database does not answer, and only it has the information whether a directory without volume.json is a new"
                            + " volume or a disk that is not mounted. Start MariaDB first, or set the address that it"
                            + " listens on in database.url",
                    noAnswer);
        }
    }
}
