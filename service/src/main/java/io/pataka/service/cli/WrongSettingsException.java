package io.pataka.service.cli;

import io.dropwizard.configuration.ConfigurationException;
import java.util.List;

/** A settings file with faults. */
public final class WrongSettingsException extends ConfigurationException {

    private static final long serialVersionUID = 1L;

    private final String message;

    /** @param faults one line each */
    WrongSettingsException(String path, List<String> faults, Throwable cause) {
        super(path, faults, cause);
        this.message = path + ": " + String.join("\n" + path + ": ", faults);
    }

    /** One line for each fault, with the path of the file. */
    @Override
    public String getMessage() {
        return message;
    }
}
