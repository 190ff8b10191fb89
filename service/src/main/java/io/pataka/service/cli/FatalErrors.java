package io.pataka.service.cli;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends the process when a thread throws an {@link Error}. A job or queue without its thread would seem idle, and a JVM that
 * lacks memory or a class is not reliable. Acknowledged writes are on disk. Any other uncaught exception is logged.
 */
final class FatalErrors implements Thread.UncaughtExceptionHandler {

    /** What sysexits.h calls an internal error of the program. */
    static final int STATUS = 70;

    private static final Logger LOG = LoggerFactory.getLogger(FatalErrors.class);

    private FatalErrors() {}

    /** For all threads of this process that have no handler of their own. */
    static void install() {
        Thread.setDefaultUncaughtExceptionHandler(new FatalErrors());
    }

    @Override
    public void uncaughtException(Thread thread, Throwable thrown) {
        if (!(thrown instanceof Error)) {
            LOG.error("Thread {} ended", thread.getName(), thrown);
            return;
        }
        try {
            LOG.error("Thread {} ended, and with it the process", thread.getName(), thrown);
            // Also to stderr, because the thread that writes the log ends as well.
            System.err.println("pataka ends: an Error in thread " + thread.getName());
            thrown.printStackTrace();
        } finally {
            // halt and not exit, because a shutdown hook may wait for the thread that ended.
            Runtime.getRuntime().halt(STATUS);
        }
    }
}
