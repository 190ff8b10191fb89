package io.pataka.keystone;

import java.io.IOException;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.BodySubscribers;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow.Subscription;

/** Collects a body of at most 4 MiB; a longer one fails the call. A token with a large catalog takes some 100 KiB. */
final class LimitedBody implements BodySubscriber<byte[]> {

    private static final int LIMIT = 4 << 20;

    private final BodySubscriber<byte[]> collected = BodySubscribers.ofByteArray();
    private Subscription subscription;
    private long received;

    private LimitedBody() {}

    static BodyHandler<byte[]> handler() {
        return head -> new LimitedBody();
    }

    @Override
    public void onSubscribe(Subscription given) {
        this.subscription = given;
        collected.onSubscribe(given);
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
        received += buffers.stream().mapToLong(ByteBuffer::remaining).sum();
        if (received > LIMIT) {
            subscription.cancel();
            collected.onError(new IOException("an answer of more than " + LIMIT + " bytes"));
        } else {
            collected.onNext(buffers);
        }
    }

    @Override
    public void onError(Throwable failure) {
        collected.onError(failure);
    }

    @Override
    public void onComplete() {
        collected.onComplete();
    }

    @Override
    public CompletionStage<byte[]> getBody() {
        return collected.getBody();
    }
}
