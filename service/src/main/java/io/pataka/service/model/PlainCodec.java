package io.pataka.service.model;

import java.nio.ByteBuffer;

/** The codec that changes nothing. */
record PlainCodec() implements BlockCodec {

    @Override
    public int number() {
        return 0;
    }

    @Override
    public int overhead() {
        return 0;
    }

    @Override
    public void encode(long block, boolean isLast, ByteBuffer bytes, ByteBuffer payload) {
        payload.put(bytes);
    }

    @Override
    public void decode(long block, boolean isLast, ByteBuffer payload, ByteBuffer bytes) {
        bytes.put(payload);
    }
}
