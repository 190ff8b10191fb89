package io.pataka.service.cli;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends the process when an {@link Error} comes out of a thread: a job or a queue whose thread is gone would look idle, and a JVM that
 * lacks memory or a class does not serve reliably. What was acknowledged is on disk. An uncaught exception that is no Error is logged.
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
            // The log is written by a thread of its own, which ends as well.
            System.err.println("pataka ends: an Error in thread " + thread.getName());
            thrown.printStackTrace();
        } finally {
            // Not exit: what runs at an orderly end may wait for the thread that is gone.
            Runtime.getRuntime().halt(STATUS);
        }
    }
}
