package io.pataka.service.cli;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dropwizard.configuration.ConfigurationException;
import io.dropwizard.configuration.ConfigurationParsingException;
import io.dropwizard.configuration.ConfigurationSourceProvider;
import io.dropwizard.configuration.ConfigurationValidationException;
import io.dropwizard.configuration.YamlConfigurationFactory;
import io.dropwizard.core.Configuration;
import io.dropwizard.core.setup.Bootstrap;
import jakarta.validation.Validator;
import java.io.IOException;
import java.util.List;

/** Reads a file of settings. Errors have the words of the file: the setting, its value, and the allowed values. */
public final class SettingsReader<T> extends YamlConfigurationFactory<T> {

    /** The constructor that Dropwizard calls for its factory of settings. */
    public SettingsReader(Class<T> type, Validator validator, ObjectMapper mapper, String propertyPrefix) {
        super(type, validator, mapper.copy().enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES), propertyPrefix);
    }

    /**
     * Reads the settings file of a command.
     *
     * @throws WrongSettingsException with one line for each fault
     */
    public static <T extends Configuration> T read(Bootstrap<?> bootstrap, Class<T> type, String path)
            throws IOException, ConfigurationException {
        return new SettingsReader<>(
                        type, bootstrap.getValidatorFactory().getValidator(), bootstrap.getObjectMapper(), "dw")
                .build(bootstrap.getConfigurationSourceProvider(), path);
    }

    /** @throws WrongSettingsException with one line for each fault */
    @Override
    public T build(ConfigurationSourceProvider provider, String path) throws IOException, ConfigurationException {
        try {
            return super.build(provider, path);
        } catch (ConfigurationParsingException notYaml) {
            throw new WrongSettingsException(path, List.of(SettingsFault.oneLine(notYaml)), notYaml);
        }
    }

    @Override
    protected T build(JsonNode settings, String path) throws IOException, ConfigurationException {
        try {
            return super.build(settings, path);
        } catch (ConfigurationValidationException outOfRange) {
            List<String> faults = outOfRange.getErrors().stream()
                    .map(SettingsFault::withoutTypes)
                    .toList();
            throw new WrongSettingsException(path, faults, outOfRange);
        } catch (ConfigurationParsingException unfit) {
            if (unfit.getCause() instanceof JsonMappingException cause) {
                throw new WrongSettingsException(path, SettingsFault.of(cause, settings), unfit);
            }
            throw unfit;
        }
    }
}
