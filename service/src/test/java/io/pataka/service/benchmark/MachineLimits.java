package io.pataka.service.benchmark;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Random;

/** The best that this machine can do. The bench compares the server with it. */
final class MachineLimits {

    private static final int BLOCK = 256 * 1024;
    private static final long SECOND = 1_000_000_000;

    private MachineLimits() {}

    /** MiB/s of one core computing MD5, which every ETag needs. */
    static double md5() throws GeneralSecurityException {
        MessageDigest md5 = MessageDigest.getInstance("MD5");
        byte[] block = noise();
        long bytes = 0;
        long begin = System.nanoTime();
        long measureFrom = begin + SECOND;
        long from = 0;
        long now = begin;
        while (now < begin + 3 * SECOND) {
            md5.update(block);
            now = System.nanoTime();
            if (now < measureFrom) {
                from = now;
            } else {
                bytes += BLOCK;
            }
        }
        return bytes / 1048576.0 / ((now - from) / 1e9);
    }

    /** MiB/s of writing new files of a size one after the other, each with one fsync at its end: the median of several. */
    static double durableWrite(Path folder, long size, int files) throws IOException {
        ByteBuffer block = ByteBuffer.allocateDirect(BLOCK);
        block.put(noise());
        double[] speeds = new double[files];
        for (int i = 0; i < files; i++) {
            Path file = folder.resolve("limit");
            long begin = System.nanoTime();
            try (FileChannel out = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                for (long left = size; left > 0; left -= block.limit()) {
                    block.position(0).limit((int) Math.min(BLOCK, left));
                    while (block.hasRemaining()) {
                        out.write(block);
                    }
                }
                out.force(false);
            }
            speeds[i] = size / 1048576.0 / ((System.nanoTime() - begin) / 1e9);
            Files.delete(file);
        }
        Arrays.sort(speeds);
        return speeds[files / 2];
    }

    private static byte[] noise() {
        byte[] block = new byte[BLOCK];
        new Random(1).nextBytes(block);
        return block;
    }
}
