package io.pataka.service.development;

import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The settings of the development server.
 *
 * @param file the server's settings file, with variables for the other values
 * @param data absolute; all data of the server is below it
 */
record DevelopmentSettings(Path file, Path data, int httpPort, int httpsPort, int adminPort) {

    private static final Path USUAL_DATA = Path.of("data").toAbsolutePath();
    private static final Set<String> NAMES = Set.of("settings", "data", "http-port", "https-port", "admin-port");

    /** @param arguments {@code --settings=}, {@code --data=}, {@code --http-port=}, {@code --https-port=}, {@code --admin-port=}, any of them left out */
    static DevelopmentSettings of(String[] arguments) {
        Map<String, String> given = new HashMap<>();
        for (String argument : arguments) {
            int equals = argument.indexOf('=');
            if (!argument.startsWith("--") || equals < 0 || !NAMES.contains(argument.substring(2, equals))) {
                throw new IllegalArgumentException("unknown argument: " + argument);
            }
            given.put(argument.substring(2, equals), argument.substring(equals + 1));
        }
        return new DevelopmentSettings(
                Path.of(given.getOrDefault("settings", "etc/pataka-dev.yml")),
                given.containsKey("data")
                        ? Path.of(given.get("data")).toAbsolutePath().normalize()
                        : USUAL_DATA,
                port("HTTP_PORT", given.getOrDefault("http-port", "8080")),
                port("HTTPS_PORT", given.getOrDefault("https-port", "8443")),
                port("ADMIN_PORT", given.getOrDefault("admin-port", "8081")));
    }

    private static int port(String name, String text) {
        if (text.matches("[0-9]{1,5}")) {
            int port = Integer.parseInt(text);
            if (port >= 1 && port <= 65_535) {
                return port;
            }
        }
        throw new IllegalArgumentException(
                name + "=" + text + " is no port. Set a number from 1 to 65535: make run " + name + "=8080");
    }

    /** @throws IOException naming each port that another program uses, and what to do */
    void requireFreePorts() throws IOException {
        Map<String, Integer> ports =
                new TreeMap<>(Map.of("HTTP_PORT", httpPort, "HTTPS_PORT", httpsPort, "ADMIN_PORT", adminPort));
        List<ServerSocket> held = new ArrayList<>();
        List<String> faults = new ArrayList<>();
        try {
            for (Map.Entry<String, Integer> port : ports.entrySet()) {
                ServerSocket socket = new ServerSocket();
                held.add(socket);
                socket.setReuseAddress(true);
                try {
                    socket.bind(new InetSocketAddress(port.getValue()));
                } catch (BindException taken) {
                    faults.add(
                            port + " is not free (" + taken.getMessage() + "). Stop the program that listens on it, or"
                                    + " choose another port: make run " + port.getKey() + "=...");
                }
            }
        } finally {
            for (ServerSocket socket : held) {
                socket.close();
            }
        }
        if (!faults.isEmpty()) {
            throw new IOException(String.join("; ", faults));
        }
    }

    /** The command that prints the environment of this server's clients. */
    String makeEnv() {
        return data.equals(USUAL_DATA) ? "make env" : "make env DATA='" + data + "'";
    }
}
