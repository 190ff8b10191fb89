package io.pataka.service.development;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * What can be chosen of the development server.
 *
 * @param file the server's settings, with names for what follows
 * @param data absolute; everything the server keeps is below it
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
                Integer.parseInt(given.getOrDefault("http-port", "8080")),
                Integer.parseInt(given.getOrDefault("https-port", "8443")),
                Integer.parseInt(given.getOrDefault("admin-port", "8081")));
    }

    /** The command that prints the environment of this server's clients. */
    String makeEnv() {
        return data.equals(USUAL_DATA) ? "make env" : "make env DATA='" + data + "'";
    }
}
