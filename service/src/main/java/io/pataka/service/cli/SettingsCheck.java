package io.pataka.service.cli;

import java.util.function.Consumer;

/** Tries what a server with some settings would need. */
@FunctionalInterface
public interface SettingsCheck<T> {

    /** Tells each finding as soon as it is made; changes nothing. */
    void run(T settings, Consumer<Finding> findings);

    /**
     * One thing tried.
     *
     * @param subject what was looked at, in a word or two
     * @param text what came of it; of a failure the setting, the cause, and what mends it
     */
    record Finding(Outcome outcome, String subject, String text) {

        /** Of what was tried. */
        public enum Outcome {
            OK,
            /** The server starts. The operator should mend the cause soon. */
            WARNING,
            /** The server does not start, or answers 503. */
            FAILED,
            /** It could not be tried, since what it depends on failed. */
            SKIPPED
        }

        @Override
        public String toString() {
            return "%-8s%-24s%s".formatted(outcome, subject, text.replaceAll("\\s*\\R\\s*", " "));
        }
    }
}
