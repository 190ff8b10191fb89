package io.pataka.keystone.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A service of OpenStack from Debian's packages, under uwsgi on a free port of the loopback address, with a directory of its own
 * and without systemd. Started by root it runs as the user of its package. It ends with this JVM.
 */
final class UwsgiServer implements AutoCloseable {

    private final String name;
    private final String user;
    private final Path directory;
    private final int port;
    private final boolean asRoot = "root".equals(System.getProperty("user.name"));
    private Process keeper;

    /**
     * @param name in messages
     * @param user of the package
     */
    UwsgiServer(String name, String user) throws IOException {
        this.name = name;
        this.user = user;
        this.directory = Files.createTempDirectory(user + "-");
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            this.port = free.getLocalPort();
        }
        Runtime.getRuntime().addShutdownHook(new Thread(this::close, user + "-end"));
    }

    /** @throws IllegalStateException with the command that installs what is missing */
    static void require(String name, List<String> programs, String packages) {
        List<String> absent = programs.stream()
                .filter(file -> !Files.isExecutable(Path.of(file)))
                .toList();
        if (!absent.isEmpty()) {
            throw new IllegalStateException("the tests need a real " + name + ", and " + absent
                    + " is missing; mend it with: apt-get install " + packages);
        }
    }

    Path directory() {
        return directory;
    }

    int port() {
        return port;
    }

    /** Gives the files in the directory to the user of the package. */
    void handOverFiles() throws IOException {
        if (asRoot) {
            run(List.of("chown", "-R", user + ":" + user, directory.toString()));
        }
    }

    /** A command of the package, which ends by itself. */
    void runAsUser(String... command) throws IOException {
        run(asUser(command));
    }

    private List<String> asUser(String... command) {
        List<String> whole = new ArrayList<>();
        if (asRoot) {
            whole.addAll(
                    List.of("setpriv", "--reuid", user, "--regid", user, "--init-groups", "--inh-caps=-all", "--"));
        }
        whole.addAll(List.of("env", "HOME=" + directory, "LC_ALL=C.UTF-8"));
        whole.addAll(List.of(command));
        return whole;
    }

    private void run(List<String> command) throws IOException {
        File log = directory.resolve("install.log").toFile();
        Process process = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log))
                .start();
        try {
            if (process.waitFor() != 0) {
                throw new IOException(String.join(" ", command) + " failed:\n" + Files.readString(log.toPath()));
            }
        } catch (InterruptedException interrupted) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", interrupted);
        }
    }

    /**
     * Stops it if it runs, starts it, and waits until it answers.
     *
     * @param program of WSGI
     * @param path that answers 200 without a token
     * @param environment variables, each as NAME=value
     */
    void restart(String program, String path, List<String> environment) {
        kill();
        // The shell ends uwsgi when its standard input ends, that is with this JVM, however it ends.
        List<String> command = new ArrayList<>(
                List.of("sh", "-c", "\"$@\" </dev/null & pid=$!; cat >/dev/null; kill -KILL $pid", user + "-keeper"));
        command.addAll(asUser(environment.toArray(String[]::new)));
        command.addAll(List.of(
                "/usr/bin/uwsgi_python3",
                "--http-socket",
                "127.0.0.1:" + port,
                "--wsgi-file",
                program,
                "--need-app",
                "--master",
                "--processes",
                "2",
                // A connection of sqlite must not change its thread.
                "--threads",
                "1",
                "--lazy-apps",
                "--thunder-lock",
                "--buffer-size",
                "65535",
                "--listen",
                "100",
                "--die-on-term",
                "--no-orphans",
                "--add-header",
                "Connection: close"));
        try {
            keeper = new ProcessBuilder(command)
                    .directory(directory.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()))
                    .start();
            awaitAnswer(URI.create("http://127.0.0.1:" + port + path));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private Path log() {
        return directory.resolve(user + ".log");
    }

    private void awaitAnswer(URI uri) throws IOException {
        HttpClient client = HttpClient.newHttpClient();
        HttpRequest request =
                HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(60)).build();
        long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
        while (System.nanoTime() < end && keeper.isAlive()) {
            try {
                if (client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200) {
                    return;
                }
            } catch (IOException notYet) {
                pause();
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted", interrupted);
            }
        }
        throw new IOException(name + " does not start:\n" + Files.readString(log(), UTF_8));
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(100);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** SIGSTOP to all its processes: connections are accepted and nothing is answered. */
    void freeze() {
        signal("STOP");
    }

    /** SIGCONT. */
    void thaw() {
        signal("CONT");
    }

    /** SIGKILL to all its processes: connections are refused until it is started again. */
    void kill() {
        if (keeper == null) {
            return;
        }
        List<ProcessHandle> processes = keeper.descendants().toList();
        processes.forEach(ProcessHandle::destroyForcibly);
        keeper.destroyForcibly();
        processes.forEach(process -> process.onExit().join());
        keeper = null;
    }

    private void signal(String signal) {
        List<String> command = new ArrayList<>(List.of("kill", "-" + signal));
        keeper.descendants().filter(process -> !isCat(process)).forEach(process -> command.add("" + process.pid()));
        try {
            run(command);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static boolean isCat(ProcessHandle process) {
        return process.info().command().filter(path -> path.endsWith("/cat")).isPresent();
    }

    /** Stops it and deletes its directory. */
    @Override
    public void close() {
        kill();
        if (Files.notExists(directory)) {
            return;
        }
        try {
            Files.walkFileTree(directory, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    Files.deleteIfExists(file);
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path folder, IOException failure) throws IOException {
                    Files.deleteIfExists(folder);
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException left) {
            throw new UncheckedIOException(left);
        }
    }
}
