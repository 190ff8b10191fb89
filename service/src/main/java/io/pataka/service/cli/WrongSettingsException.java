package io.pataka.service.cli;

import io.dropwizard.configuration.ConfigurationException;
import java.util.List;

/** A file of settings that the service cannot work with. */
public final class WrongSettingsException extends ConfigurationException {

    private static final long serialVersionUID = 1L;

    private final String message;

    /** @param faults one line each */
    WrongSettingsException(String path, List<String> faults, Throwable cause) {
        super(path, faults, cause);
        this.message = path + ": " + String.join("\n" + path + ": ", faults);
    }

    /** The path of the file and a fault, on a line for each fault. */
    @Override
    public String getMessage() {
        return message;
    }
}
