package io.pataka.service.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.dropwizard.configuration.ConfigurationException;
import io.dropwizard.core.Configuration;
import io.dropwizard.core.setup.Bootstrap;
import io.dropwizard.logging.common.DefaultLoggingFactory;
import io.dropwizard.logging.common.FileAppenderFactory;
import io.dropwizard.logging.common.LoggingFactory;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The files of the log, according to the settings. Logback prints stack traces for a file that it cannot write, and continues
 * without it, so the files are checked before logging starts.
 */
public final class LogFiles {

    private static final String CURRENT = "currentLogFilename";
    private static final String ARCHIVED = "archivedLogFilenamePattern";

    private final List<LogFile> files;

    private LogFiles(List<LogFile> files) {
        this.files = files;
    }

    /**
     * One file.
     *
     * @param setting the name of the setting with the path
     * @param pattern whether Logback puts a date or a number into the path
     */
    public record LogFile(String setting, Path path, boolean pattern) {

        /** Checks the file without creating or changing it. */
        private Optional<String> fault() {
            Path absolute = path.toAbsolutePath();
            Path existing = absolute;
            while (existing.getParent() != null && !Files.exists(existing)) {
                existing = existing.getParent();
            }
            if (existing.equals(absolute)) {
                return Files.isDirectory(existing)
                        ? Optional.of(fault("it is a directory"))
                        : Files.isWritable(existing) ? Optional.empty() : Optional.of(forbidden(existing));
            }
            if (!Files.isDirectory(existing)) {
                return Optional.of(fault(existing + " is not a directory"));
            }
            return Files.isWritable(existing) ? Optional.empty() : Optional.of(forbidden(existing));
        }

        /** Opens the file as Logback does at the start, and creates folders and file if they do not exist. */
        private Optional<String> faultOfOpening() {
            if (pattern) {
                return Optional.empty();
            }
            Path absolute = path.toAbsolutePath();
            try {
                Files.createDirectories(absolute.getParent());
                OutputStream opened =
                        Files.newOutputStream(absolute, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
                opened.close();
                return Optional.empty();
            } catch (FileSystemException refused) {
                String reason = refused.getReason() == null ? refused.getClass().getSimpleName() : refused.getReason();
                return Optional.of(fault(refused.getFile() + ": " + reason));
            } catch (IOException refused) {
                return Optional.of(fault(refused.getMessage()));
            }
        }

        private String forbidden(Path existing) {
            return fault("this user may not write " + existing);
        }

        private String fault(String cause) {
            return setting + ": " + path + " cannot be written: " + cause
                    + ". Give its directory to the user of the service, or set another path";
        }
    }

    public static LogFiles of(LoggingFactory settings) {
        List<LogFile> files = new ArrayList<>();
        if (settings instanceof DefaultLoggingFactory logging) {
            logging.getLoggers().forEach((logger, node) -> collect("logging.loggers[" + logger + "].", node, files));
            for (int i = 0; i < logging.getAppenders().size(); i++) {
                if (logging.getAppenders().get(i) instanceof FileAppenderFactory<?> appender) {
                    add(
                            "logging.appenders[" + i + "].",
                            appender.getCurrentLogFilename(),
                            appender.getArchivedLogFilenamePattern(),
                            files);
                }
            }
        }
        return new LogFiles(files);
    }

    /** Dropwizard keeps the settings of each logger as JSON. */
    private static void collect(String section, JsonNode logger, List<LogFile> files) {
        JsonNode appenders = logger.path("appenders");
        for (int i = 0; i < appenders.size(); i++) {
            JsonNode appender = appenders.get(i);
            if (appender.path("type").asText().equals("file")) {
                add(
                        section + "appenders[" + i + "].",
                        appender.path(CURRENT).textValue(),
                        appender.path(ARCHIVED).textValue(),
                        files);
            }
        }
    }

    /** Without a current file, Logback writes to the file that the pattern names. */
    private static void add(String appender, String current, String archived, List<LogFile> files) {
        if (current != null) {
            files.add(new LogFile(appender + CURRENT, Path.of(current), false));
        } else if (archived != null) {
            files.add(new LogFile(appender + ARCHIVED, Path.of(archived), true));
        }
    }

    /** All files. Those that cannot be written come with the setting, the cause and what to do. Creates and changes nothing. */
    public Map<LogFile, Optional<String>> tried() {
        Map<LogFile, Optional<String>> found = new LinkedHashMap<>();
        files.forEach(file -> found.put(file, file.fault()));
        return found;
    }

    /**
     * Opens each file that the settings name, before a command sets up logging.
     *
     * @param settings the file of settings; null if the command has none
     * @throws IOException naming each file that cannot be written
     * @throws WrongSettingsException with one line for each fault of the settings
     */
    static <T extends Configuration> void requireWritable(Bootstrap<?> bootstrap, Class<T> type, String settings)
            throws IOException, ConfigurationException {
        if (settings != null) {
            of(SettingsReader.read(bootstrap, type, settings).getLoggingFactory())
                    .requireWritable();
        }
    }

    /**
     * Opens each file once, and creates those that do not exist.
     *
     * @throws IOException naming each file that cannot be written
     */
    private void requireWritable() throws IOException {
        String faults = files.stream()
                .flatMap(file -> file.fault().or(file::faultOfOpening).stream())
                .collect(Collectors.joining("; "));
        if (!faults.isEmpty()) {
            throw new IOException(faults);
        }
    }
}
