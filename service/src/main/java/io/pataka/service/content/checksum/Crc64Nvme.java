package io.pataka.service.content.checksum;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.zip.Checksum;

/**
 * CRC-64/NVME: polynomial {@code ad93d23594c93659}, reflected, all ones in and out; {@code "123456789"} gives
 * {@code ae8b14860a799888}. Sixteen bytes a step, each by a table of its own.
 *
 * @see <a href="https://nvmexpress.org/specifications/">NVM Express NVM Command Set Specification, 64b CRC</a>
 */
final class Crc64Nvme implements Checksum {

    /** The polynomial with its lowest power in the highest bit. */
    static final long POLYNOMIAL = 0x9A6C_9329_AC4B_C9B5L;

    private static final int SLICES = 16;
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long[] T = tables();

    private long crc = -1L;

    /** Table k, at 256 * k: what a byte does to the register when k bytes follow it. */
    private static long[] tables() {
        long[] tables = new long[SLICES * 256];
        for (int i = 0; i < 256; i++) {
            long value = i;
            for (int bit = 0; bit < 8; bit++) {
                value = (value & 1) == 0 ? value >>> 1 : value >>> 1 ^ POLYNOMIAL;
            }
            tables[i] = value;
        }
        for (int i = 256; i < tables.length; i++) {
            long before = tables[i - 256];
            tables[i] = before >>> 8 ^ tables[(int) before & 0xFF];
        }
        return tables;
    }

    @Override
    public void update(int b) {
        crc = crc >>> 8 ^ T[(int) (crc ^ b) & 0xFF];
    }

    @Override
    public void update(byte[] bytes, int offset, int length) {
        long c = crc;
        int at = offset;
        int end = offset + length;
        for (; at <= end - SLICES; at += SLICES) {
            long a = (long) LONGS.get(bytes, at) ^ c;
            long b = (long) LONGS.get(bytes, at + 8);
            c = T[0xF00 + (int) (a & 0xFF)]
                    ^ T[0xE00 + (int) (a >>> 8 & 0xFF)]
                    ^ T[0xD00 + (int) (a >>> 16 & 0xFF)]
                    ^ T[0xC00 + (int) (a >>> 24 & 0xFF)]
                    ^ T[0xB00 + (int) (a >>> 32 & 0xFF)]
                    ^ T[0xA00 + (int) (a >>> 40 & 0xFF)]
                    ^ T[0x900 + (int) (a >>> 48 & 0xFF)]
                    ^ T[0x800 + (int) (a >>> 56)]
                    ^ T[0x700 + (int) (b & 0xFF)]
                    ^ T[0x600 + (int) (b >>> 8 & 0xFF)]
                    ^ T[0x500 + (int) (b >>> 16 & 0xFF)]
                    ^ T[0x400 + (int) (b >>> 24 & 0xFF)]
                    ^ T[0x300 + (int) (b >>> 32 & 0xFF)]
                    ^ T[0x200 + (int) (b >>> 40 & 0xFF)]
                    ^ T[0x100 + (int) (b >>> 48 & 0xFF)]
                    ^ T[(int) (b >>> 56)];
        }
        for (; at < end; at++) {
            c = c >>> 8 ^ T[(int) (c ^ bytes[at]) & 0xFF];
        }
        crc = c;
    }

    @Override
    public long getValue() {
        return ~crc;
    }

    @Override
    public void reset() {
        crc = -1L;
    }
}
