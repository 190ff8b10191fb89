package io.pataka.service.benchmark;

import io.pataka.service.testing.AccessKeys;
import io.pataka.service.testing.S3Connection;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;

/**
 * The same request from a number of connections at once, each sending its next when it has the reply to its last.
 *
 * @param warmUp not measured
 * @param measured at least this long, and at least one request on each connection
 */
record Load(int port, AccessKeys keys, int connections, Duration warmUp, Duration measured) {

    /** One request on a connection. */
    @FunctionalInterface
    interface Request {

        /**
         * @param worker number of the connection, from 0
         * @param turn number of the request on it, from 0, warm-up included
         */
        void send(S3Connection connection, int worker, int turn) throws IOException;
    }

    /** @param bytesPerRequest payload, for the throughput */
    Measurement run(Request request, long bytesPerRequest, Supplier<Consumption> consumption)
            throws IOException, InterruptedException {
        List<S3Connection> opened = new ArrayList<>();
        ExecutorService workers = Executors.newFixedThreadPool(connections);
        CountDownLatch warm = new CountDownLatch(connections);
        CountDownLatch start = new CountDownLatch(1);
        try {
            List<Future<long[]>> running = new ArrayList<>();
            for (int i = 0; i < connections; i++) {
                S3Connection connection = new S3Connection(port, keys);
                opened.add(connection);
                running.add(workers.submit(worker(connection, i, request, warm, start)));
            }
            warm.await();
            Consumption before = consumption.get();
            long begin = System.nanoTime();
            start.countDown();
            long[] latencies = collect(running);
            long elapsed = System.nanoTime() - begin;
            return new Measurement(
                    latencies, elapsed, bytesPerRequest, consumption.get().since(before));
        } finally {
            workers.shutdownNow();
            for (S3Connection connection : opened) {
                connection.close();
            }
        }
    }

    private Callable<long[]> worker(
            S3Connection connection, int worker, Request request, CountDownLatch warm, CountDownLatch start) {
        return () -> {
            int turn = 0;
            try {
                long warmEnd = System.nanoTime() + warmUp.toNanos();
                while (System.nanoTime() < warmEnd) {
                    request.send(connection, worker, turn++);
                }
            } finally {
                warm.countDown();
            }
            start.await();
            long[] latencies = new long[1024];
            int count = 0;
            long end = System.nanoTime() + measured.toNanos();
            long now = System.nanoTime();
            do {
                request.send(connection, worker, turn++);
                long then = System.nanoTime();
                if (count == latencies.length) {
                    latencies = Arrays.copyOf(latencies, count * 2);
                }
                latencies[count++] = then - now;
                now = then;
            } while (now < end);
            return Arrays.copyOf(latencies, count);
        };
    }

    private static long[] collect(List<Future<long[]>> running) throws IOException, InterruptedException {
        List<long[]> all = new ArrayList<>();
        for (Future<long[]> worker : running) {
            try {
                all.add(worker.get());
            } catch (ExecutionException e) {
                throw new IOException("a request failed", e.getCause());
            }
        }
        return all.stream().flatMapToLong(Arrays::stream).toArray();
    }
}
