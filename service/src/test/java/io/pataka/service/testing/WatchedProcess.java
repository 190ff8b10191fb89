package io.pataka.service.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * A server program that runs as long as this JVM, and not longer: it is stopped when the JVM ends in any way. It can be stopped, killed,
 * frozen and thawed.
 */
final class WatchedProcess {

    private static final Duration STOP = Duration.ofSeconds(60);

    /**
     * Ends the program when this JVM ends, which closes the input of this script, and then removes a folder. The first argument is that
     * folder, or empty.
     */
    private static final String WATCHER = """
        trap '' INT HUP
        temporary=$1; shift
        exec 3<&0
        "$@" & pid=$!
        echo $pid
        (
          if ! read -r farewell <&3; then
            kill $pid; kill -CONT $pid; turns=0
            while kill -0 $pid; do sleep 0.1; turns=$((turns + 1)); [ $turns -lt 600 ] || kill -KILL $pid; done
            [ -z "$temporary" ] || rm -rf "$temporary"
          fi
        ) >/dev/null 2>&1 &
        wait $pid
        """;

    private final Process watcher;
    private final ProcessHandle program;

    private WatchedProcess(Process watcher, ProcessHandle program) {
        this.watcher = watcher;
        this.program = program;
    }

    /**
     * @param command the program and its arguments
     * @param environment variables beside those of this JVM
     * @param temporary a folder that is removed if this JVM ends while the program runs
     */
    static WatchedProcess start(List<String> command, Map<String, String> environment, Optional<Path> temporary)
            throws IOException {
        List<String> watched = new ArrayList<>(List.of("sh", "-c", WATCHER, "watcher"));
        watched.add(temporary.map(Path::toString).orElse(""));
        watched.addAll(command);
        ProcessBuilder builder = new ProcessBuilder(watched).redirectError(Redirect.DISCARD);
        builder.environment().putAll(environment);
        Process watcher = builder.start();
        @SuppressWarnings("resource") // the stream lives as long as the process
        BufferedReader said = watcher.inputReader(UTF_8);
        long pid = Long.parseLong(said.readLine());
        return new WatchedProcess(
                watcher, ProcessHandle.of(pid).orElseThrow(() -> new IOException(command.get(0) + " stopped at once")));
    }

    long pid() {
        return program.pid();
    }

    boolean isAlive() {
        return watcher.isAlive();
    }

    /** Asks the program to end (SIGTERM), and waits until it has; insists after a minute. */
    void stop() {
        end(ProcessHandle::destroy);
    }

    /** Ends the program as a power cut would end it. */
    void kill() {
        end(ProcessHandle::destroyForcibly);
    }

    private void end(Consumer<ProcessHandle> signal) {
        try (OutputStream input = watcher.getOutputStream()) {
            input.write("farewell\n".getBytes(UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException("the program has ended by itself", e);
        }
        signal.accept(program);
        try {
            if (!watcher.waitFor(STOP.toSeconds(), TimeUnit.SECONDS)) {
                program.destroyForcibly();
                watcher.waitFor(STOP.toSeconds(), TimeUnit.SECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Ends a program that may have ended by itself. */
    void abandon() {
        program.destroyForcibly();
        watcher.destroyForcibly();
    }

    /** Makes the program stop what it does while its connections stay open; returns when it has. */
    void freeze() {
        signal("STOP");
        awaitStopped();
    }

    /** Lets a frozen program go on. */
    void thaw() {
        signal("CONT");
    }

    private void signal(String name) {
        try {
            int code = new ProcessBuilder("kill", "-" + name, Long.toString(pid()))
                    .inheritIO()
                    .start()
                    .waitFor();
            if (code != 0) {
                throw new IllegalStateException("kill -" + name + " failed with " + code);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** A thread that runs when the signal is sent may finish an answer before it stops. */
    private void awaitStopped() {
        Path threads = Path.of("/proc", Long.toString(pid()), "task");
        Instant deadline = Instant.now().plus(STOP);
        while (!areStopped(threads)) {
            if (Instant.now().isAfter(deadline)) {
                throw new IllegalStateException("the program does not stop");
            }
            Thread.onSpinWait();
        }
    }

    private static boolean areStopped(Path threads) {
        try (Stream<Path> all = Files.list(threads)) {
            for (Path thread : all.toList()) {
                String status = Files.readString(thread.resolve("stat"));
                // proc(5): the state follows the name, which is in parentheses.
                if (status.charAt(status.lastIndexOf(')') + 2) != 'T') {
                    return false;
                }
            }
            return true;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
