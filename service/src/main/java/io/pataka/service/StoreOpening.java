package io.pataka.service;

import io.pataka.service.blob.VolumeFailedException;
import io.pataka.service.blob.VolumeSet;
import io.pataka.service.blob.VolumeSettings;
import io.pataka.service.metadata.MetadataUnavailableException;
import io.pataka.service.metadata.StoreIdentity;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens the volumes of a store, if they are those that the database describes: an empty database over volumes that are not empty
 * would make orphans of all that is on them.
 */
final class StoreOpening {

    private static final Logger LOG = LoggerFactory.getLogger(StoreOpening.class);

    private final StoreIdentity identity;

    StoreOpening(StoreIdentity identity) {
        this.identity = Objects.requireNonNull(identity);
    }

    /**
     * @param initialise whether an empty directory is made a volume although there are buckets
     * @param reserve bytes that stay free on every volume
     * @throws VolumeFailedException when a directory is not the volume that the settings say, or of another store than the database
     */
    VolumeSet open(List<VolumeSettings> settings, boolean initialise, long reserve) throws IOException {
        VolumeSet volumes;
        try {
            volumes = VolumeSet.open(settings, initialise, reserve);
        } catch (VolumeFailedException notAVolume) {
            if (!isNew()) {
                throw notAVolume;
            }
            volumes = VolumeSet.open(settings, true, reserve);
        }
        requireOneStore(volumes);
        return volumes;
    }

    private void requireOneStore(VolumeSet volumes) throws IOException {
        try {
            boolean mayClaim = identity.find().isPresent() || identity.hasBuckets() || volumes.isUnused();
            if (!mayClaim || !identity.claim(volumes.store()).equals(volumes.store())) {
                throw new VolumeFailedException("the volumes belong to the store " + volumes.store()
                        + ", which is not the one that the database describes. Is it the right database?");
            }
        } catch (MetadataUnavailableException nobodyKnows) {
            LOG.warn("It could not be checked whether volumes and database belong together");
        }
    }

    /**
     * Where no bucket was made yet, an empty directory is no disk that somebody forgot to mount.
     *
     * @throws VolumeFailedException when the database does not answer: then that is what must be mended
     */
    private boolean isNew() throws VolumeFailedException {
        try {
            return !identity.hasBuckets();
        } catch (MetadataUnavailableException noAnswer) {
            throw new VolumeFailedException(
                    "the database does not answer, and it alone knows whether a directory without volume.json is a new"
                            + " volume or a disk that is not mounted. Start MariaDB first, or set the address that it"
                            + " listens on in database.url",
                    noAnswer);
        }
    }
}
