package io.pataka.service.cli;

import io.dropwizard.core.setup.Bootstrap;
import io.pataka.service.access.AccessExplanation;
import io.pataka.service.model.Caller;
import io.pataka.service.protocol.S3Request;

/** Explains access according to a settings file and the database that it names. */
@FunctionalInterface
public interface AccessOfSettings {

    /**
     * @param settings path of the file, as {@code server} takes it
     * @throws Exception for settings that are wrong, and for a database that does not answer
     */
    AccessExplanation explain(Bootstrap<?> bootstrap, String settings, S3Request request, Caller caller)
            throws Exception;
}
