package io.pataka.service.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A program, usually a Java program of this project, in a process of its own. Closing it kills it. */
public final class ServerProcess implements AutoCloseable {

    private final Process process;
    private final Path log;

    private ServerProcess(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    /**
     * With this process's class path.
     *
     * @param options for the JVM
     * @param main class and its arguments
     * @param log gets the output, appended
     */
    public static ServerProcess start(List<String> options, List<String> main, Path log) throws IOException {
        return run(options, List.of("-cp", classPath()), main, log);
    }

    /** The server as it is shipped: the jar that the build made, with the libraries beside it. */
    public static ServerProcess startJar(List<String> options, List<String> arguments, Path log) throws IOException {
        return run(options, List.of("-jar", "target/pataka.jar"), arguments, log);
    }

    private static ServerProcess run(List<String> options, List<String> program, List<String> arguments, Path log)
            throws IOException {
        // Tests that run in the background ignore SIGINT, and a JVM that they start would inherit that.
        List<String> command = new ArrayList<>(List.of("env", "--default-signal=INT"));
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.addAll(program);
        command.addAll(arguments);
        return program(command, log);
    }

    /** Any program. */
    static ServerProcess program(List<String> command, Path log) throws IOException {
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        return new ServerProcess(process, log);
    }

    /** Surefire starts its JVM with one jar that only names the others, and keeps the list here. */
    private static String classPath() {
        return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    }

    /** A free TCP port of this machine. */
    public static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    public long pid() {
        return process.pid();
    }

    /** All it has printed. */
    public String output() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** @throws IOException when it ends, or does not listen in time */
    public void awaitListening(int port, Duration atMost) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + atMost.toNanos();
        while (true) {
            try (Socket socket = new Socket("127.0.0.1", port)) {
                return;
            } catch (IOException e) {
                if (!process.isAlive() || System.nanoTime() > deadline) {
                    throw new IOException("port " + port + " is not listened on; the server said:\n" + output(), e);
                }
                Thread.sleep(10);
            }
        }
    }

    /** @throws IOException when it ends, or does not say so in time */
    public void awaitSaying(String words, Duration atMost) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + atMost.toNanos();
        while (!output().contains(words)) {
            if (!process.isAlive() || System.nanoTime() > deadline) {
                throw new IOException("the server did not say '" + words + "' but:\n" + output());
            }
            Thread.sleep(25);
        }
    }

    /** Asks it to end (SIGTERM) and waits. */
    public int stop(Duration atMost) throws IOException, InterruptedException {
        process.destroy();
        return awaitEnd(atMost);
    }

    /** What Ctrl-C does (SIGINT), and waits. */
    public int interrupt(Duration atMost) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-INT", Long.toString(pid()))
                .inheritIO()
                .start()
                .waitFor();
        return awaitEnd(atMost);
    }

    /** @return its exit status */
    public int awaitEnd(Duration atMost) throws IOException, InterruptedException {
        if (!process.waitFor(atMost.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new IOException("the server did not stop within " + atMost + "; it said:\n" + output());
        }
        return process.exitValue();
    }

    /** {@code kill -9}, and waits until it is gone. */
    public void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    @Override
    public void close() {
        process.destroyForcibly();
        process.onExit().join();
    }
}
