package io.pataka.service.clients;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.pataka.service.development.DevelopmentServer;
import io.pataka.service.testing.AccessKeys;
import io.pataka.service.testing.S3Connection;
import io.pataka.service.testing.ServerProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What {@code make run} starts, on free ports, with its data in a folder of the test. */
final class DevelopmentProcess implements AutoCloseable {

    private static final Duration START = Duration.ofSeconds(90);
    private static final Duration STOP = Duration.ofSeconds(60);

    private final ServerProcess process;
    private final Path data;
    private final int httpPort;
    private final int adminPort;

    private DevelopmentProcess(ServerProcess process, Path data, int httpPort, int adminPort) {
        this.process = process;
        this.data = data;
        this.httpPort = httpPort;
        this.adminPort = adminPort;
    }

    /** Starts it without waiting. */
    static DevelopmentProcess launch(Path data, Path log) throws IOException {
        int httpPort = ServerProcess.freePort();
        int adminPort = ServerProcess.freePort();
        List<String> command = new ArrayList<>();
        command.add(DevelopmentServer.class.getName());
        command.add("--settings=../etc/pataka-dev.yml");
        command.add("--data=" + data);
        command.add("--http-port=" + httpPort);
        command.add("--https-port=" + ServerProcess.freePort());
        command.add("--admin-port=" + adminPort);
        return new DevelopmentProcess(
                ServerProcess.start(List.of("-Xmx512m"), command, log), data, httpPort, adminPort);
    }

    /** Starts it and waits until it says that it is ready. */
    static DevelopmentProcess start(Path data, Path log) throws IOException, InterruptedException {
        DevelopmentProcess started = launch(data, log);
        try {
            started.process.awaitSaying("Pataka is ready", START);
            return started;
        } catch (IOException e) {
            started.close();
            throw e;
        }
    }

    ServerProcess process() {
        return process;
    }

    int adminPort() {
        return adminPort;
    }

    /** The commands that it says can be pasted into a shell, one for each client. */
    List<String> linesToPaste() throws IOException {
        String said = process.output();
        return said.substring(said.indexOf("and then, as you like:"))
                .lines()
                .skip(1)
                .filter(line -> !line.isBlank())
                .toList();
    }

    /** What {@code eval "$(make env)"} sets. */
    Map<String, String> environment() throws IOException {
        Map<String, String> variables = new HashMap<>();
        for (String line : Files.readAllLines(data.resolve("environment"), UTF_8)) {
            String[] assignment = line.substring("export ".length()).split("=", 2);
            variables.put(assignment[0], assignment[1].replace("'", ""));
        }
        return variables;
    }

    S3Connection connect() throws IOException {
        Map<String, String> environment = environment();
        return new S3Connection(
                httpPort,
                new AccessKeys(environment.get("AWS_ACCESS_KEY_ID"), environment.get("AWS_SECRET_ACCESS_KEY")));
    }

    /** Cleanly where it can be: of a killed server the database goes a moment later, while its folder is being deleted. */
    @Override
    public void close() {
        try {
            process.stop(STOP);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            process.close();
        }
    }
}
