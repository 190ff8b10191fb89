package io.pataka.service.cli;

import java.util.function.Consumer;

/** Checks everything that a server with these settings needs. */
@FunctionalInterface
public interface SettingsCheck<T> {

    /** Passes on each finding at once. Changes nothing. */
    void run(T settings, Consumer<Finding> findings);

    /**
     * The result of one check.
     *
     * @param subject what was checked, in a word or two
     * @param text the result; for a failure the setting, the cause, and what to do
     */
    record Finding(Outcome outcome, String subject, String text) {

        /** The outcome of a check. */
        public enum Outcome {
            OK,
            /** The server starts. The operator should correct the cause soon. */
            WARNING,
            /** The server does not start, or answers 503. */
            FAILED,
            /** Not checked, because a check that it depends on failed. */
            SKIPPED
        }

        @Override
        public String toString() {
            return "%-8s%-24s%s".formatted(outcome, subject, text.replaceAll("\\s*\\R\\s*", " "));
        }
    }
}
