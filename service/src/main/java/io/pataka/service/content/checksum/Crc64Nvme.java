package io.pataka.service.content.checksum;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.zip.Checksum;

/**
 * CRC-64/NVME: polynomial {@code ad93d23594c93659}, reflected, all ones in and out; {@code "123456789"} gives
 * {@code ae8b14860a799888}. Eight bytes a step, each by a table of its own. Two strips of a buffer are summed side by side, because
 * a step waits for the one before it, and are combined then.
 *
 * @see <a href="https://nvmexpress.org/specifications/">NVM Express NVM Command Set Specification, 64b CRC</a>
 */
final class Crc64Nvme implements Checksum {

    /** The polynomial with its lowest power in the highest bit. */
    static final long POLYNOMIAL = 0x9A6C_9329_AC4B_C9B5L;

    private static final int STEP = 8;
    /** Bytes of one of two strips. */
    private static final int STRIP = 4096;

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long[] T = tables();
    private static final long[] S = stripTables();

    private long crc = -1L;

    /** Table k, at 256 * k: what a byte does to the register when k bytes follow it. */
    private static long[] tables() {
        long[] tables = new long[STEP * 256];
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

    /** Table 7 - k, at 256 * (7 - k): what byte k of the register becomes when a strip of zeros follows. */
    private static long[] stripTables() {
        long[] tables = new long[STEP * 256];
        for (int bit = 0; bit < Long.SIZE; bit++) {
            long register = 1L << bit;
            for (int at = 0; at < STRIP; at += STEP) {
                register = looked(T, register);
            }
            int table = 256 * (STEP - 1 - bit / 8);
            int value = 1 << bit % 8;
            // What more bits become is the sum of what each becomes.
            for (int lower = 0; lower < value; lower++) {
                tables[table + value + lower] = register ^ tables[table + lower];
            }
        }
        return tables;
    }

    /** The sum of what the tables hold for each byte. */
    private static long looked(long[] tables, long a) {
        return tables[0x700 + (int) (a & 0xFF)]
                ^ tables[0x600 + (int) (a >>> 8 & 0xFF)]
                ^ tables[0x500 + (int) (a >>> 16 & 0xFF)]
                ^ tables[0x400 + (int) (a >>> 24 & 0xFF)]
                ^ tables[0x300 + (int) (a >>> 32 & 0xFF)]
                ^ tables[0x200 + (int) (a >>> 40 & 0xFF)]
                ^ tables[0x100 + (int) (a >>> 48 & 0xFF)]
                ^ tables[(int) (a >>> 56)];
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
        for (; at <= end - 2 * STRIP; at += 2 * STRIP) {
            c = strips(c, bytes, at);
        }
        for (; at <= end - STEP; at += STEP) {
            c = looked(T, (long) LONGS.get(bytes, at) ^ c);
        }
        for (; at < end; at++) {
            c = c >>> 8 ^ T[(int) (c ^ bytes[at]) & 0xFF];
        }
        crc = c;
    }

    private static long strips(long before, byte[] bytes, int offset) {
        long first = before;
        long second = 0;
        int end = offset + STRIP;
        for (int at = offset; at < end; at += STEP) {
            first = looked(T, (long) LONGS.get(bytes, at) ^ first);
            second = looked(T, (long) LONGS.get(bytes, at + STRIP) ^ second);
        }
        return looked(S, first) ^ second;
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
