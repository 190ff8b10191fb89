package io.pataka.service.benchmark;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The output of the bench: a line for each measurement when it is made, and at the end each target beside its measurement. */
final class Report {

    private static final String ROW = "%-24s %4d %10.1f %9.1f %9.3f %9.3f %9.3f %9.3f %7.2f%n";

    private final PrintStream out;
    private final List<String> targets = new ArrayList<>();

    Report(PrintStream out) {
        this.out = out;
    }

    void section(String title) {
        out.printf("%n%s%n", title);
    }

    void header() {
        out.printf(
                "%-24s %4s %10s %9s %9s %9s %19s %7s%n", "", "", "", "", "p50", "p99", "CPU ms per request", "SQL per");
        out.printf(
                "%-24s %4s %10s %9s %9s %9s %9s %9s %7s%n",
                "", "conn", "ops/s", "MiB/s", "ms", "ms", "server", "database", "request");
    }

    void row(String name, int connections, Measurement made) {
        out.printf(
                Locale.ROOT,
                ROW,
                name,
                connections,
                made.perSecond(),
                made.mebibytesPerSecond(),
                made.median(),
                made.p99(),
                made.serverCpu(),
                made.databaseCpu(),
                made.statements());
    }

    void fact(String name, double value, String unit) {
        out.printf(Locale.ROOT, "%-60s %12.1f %s%n", name, value, unit);
    }

    void atLeast(String target, double wanted, double measured) {
        target(target, ">=", wanted, measured, measured >= wanted);
    }

    void atMost(String target, double wanted, double measured) {
        target(target, "<=", wanted, measured, measured <= wanted);
    }

    private void target(String name, String relation, double wanted, double measured, boolean reached) {
        targets.add(String.format(
                Locale.ROOT,
                "%-64s %s %8.2f %10.3f   %s",
                name,
                relation,
                wanted,
                measured,
                reached ? "reached" : "NOT REACHED"));
    }

    void targets() {
        out.printf("%n%-64s %11s %10s%n", "Targets", "wanted", "measured");
        targets.forEach(out::println);
    }
}
