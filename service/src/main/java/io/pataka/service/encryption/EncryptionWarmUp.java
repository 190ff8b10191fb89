package io.pataka.service.encryption;

import io.pataka.service.model.BlobId;
import io.pataka.service.model.BlockCodec;
import io.pataka.service.model.DataKey;
import io.pataka.service.model.UndecodableBlockException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Encrypts and decrypts small blocks until the Java machine has compiled AES-GCM, which takes less than a second. Otherwise the machine
 * would do it after about 4,500 blocks of any size: the first 280 MiB of large objects after a start would be encrypted at 40 MiB/s
 * instead of 3,000.
 */
public final class EncryptionWarmUp implements Runnable {

    private static final int BLOCKS = 6_000;
    private static final int SIZE = 1024;

    /**
     * @throws IllegalStateException when a block does not come back as it was; encryption must not be used then
     */
    @Override
    public void run() {
        BlockCodec codec = DataKey.random().codec(BlobId.random(0));
        byte[] bytes = new byte[SIZE];
        byte[] payload = new byte[SIZE + codec.overhead()];
        byte[] back = new byte[SIZE];
        for (int block = 0; block < BLOCKS; block++) {
            bytes[block % SIZE]++;
            codec.encode(block, false, ByteBuffer.wrap(bytes), ByteBuffer.wrap(payload));
            try {
                codec.decode(block, false, ByteBuffer.wrap(payload), ByteBuffer.wrap(back));
            } catch (UndecodableBlockException e) {
                throw new IllegalStateException("AES-GCM of this Java machine does not work", e);
            }
            if (!Arrays.equals(bytes, back)) {
                throw new IllegalStateException("AES-GCM of this Java machine does not work");
            }
        }
    }
}
