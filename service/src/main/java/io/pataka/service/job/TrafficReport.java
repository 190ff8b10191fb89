package io.pataka.service.job;

import io.pataka.service.metadata.JobPositions;
import io.pataka.service.metadata.ReportedUsage;
import io.pataka.service.metadata.ReportedUsage.Line;
import io.pataka.service.metadata.ReportedUsage.Report;
import io.pataka.service.metadata.ReportedUsage.Traffic;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Reports to the cloud's metering how many requests and bytes each project had since it was reported last, once a minute. What was reported
 * is stored after it was sent, so that everything is reported at least once; a crash between the two reports it twice.
 */
public final class TrafficReport implements Job {

    private static final String NAME = "traffic-report";
    private static final Duration INTERVAL = Duration.ofMinutes(1);
    private static final int PAGE = 1_000;

    /** A node stores the last counts of an hour some seconds after its end. */
    private static final Duration USUAL = Duration.ofHours(1);

    /** How far one round in each hour looks back, for a node that could not store its counts for long. */
    private static final Duration LATE = Duration.ofHours(24);

    private final ReportedUsage usage;
    private final JobPositions positions;
    private final Metering metering;
    private final Clock clock;
    private Round round;

    /** Where the reports go to. */
    @FunctionalInterface
    public interface Metering {

        /**
         * Sends reports in their order.
         *
         * @param reports at least one
         * @return how many of the first have been taken, at least one
         * @throws IOException when the first has not been taken
         */
        int send(List<Report> reports) throws IOException;
    }

    public TrafficReport(ReportedUsage usage, JobPositions positions, Metering metering, Clock clock) {
        this.usage = Objects.requireNonNull(usage);
        this.positions = Objects.requireNonNull(positions);
        this.metering = Objects.requireNonNull(metering);
        this.clock = Objects.requireNonNull(clock);
    }

    /**
     * The position of the job.
     *
     * @param since what was counted in earlier hours is never reported, because the operator had not asked for it
     * @param last when the last round that is complete began
     */
    private record Position(Instant since, Instant last) {

        static Position of(Optional<String> stored, Instant now) {
            if (stored.isEmpty()) {
                return new Position(now.truncatedTo(ChronoUnit.HOURS), now);
            }
            String[] words = stored.get().split(" ", -1);
            return new Position(Instant.parse(words[0]), Instant.parse(words[1]));
        }

        /** The first hour of the round that begins now. */
        Instant from(Instant now) {
            Instant hour = last.truncatedTo(ChronoUnit.HOURS);
            boolean first = !hour.equals(now.truncatedTo(ChronoUnit.HOURS));
            Instant from = hour.minus(first ? LATE : USUAL);
            return from.isBefore(since) ? since : from;
        }

        String text() {
            return since + " " + last;
        }
    }

    /** One pass over all projects. */
    private static final class Round {
        private final Instant begun;
        private final Position position;
        private String after = "";

        Round(Instant begun, Position position) {
            this.begun = begun;
            this.position = position;
        }
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Schedule schedule() {
        return new Schedule(INTERVAL, 0.5);
    }

    @Override
    public Progress runSlice(Duration budget) throws IOException {
        long end = System.nanoTime() + budget.toNanos();
        if (round == null) {
            Instant now = clock.instant();
            round = new Round(now, Position.of(positions.position(NAME), now));
        }
        do {
            List<Line> lines = usage.unreported(round.after, round.position.from(round.begun), PAGE);
            if (lines.isEmpty()) {
                positions.advance(NAME, new Position(round.position.since(), round.begun).text());
                round = null;
                return Progress.IDLE;
            }
            report(lines);
        } while (System.nanoTime() < end);
        return Progress.BUSY;
    }

    private void report(List<Line> lines) throws IOException {
        Map<String, List<Line>> projects = new LinkedHashMap<>();
        lines.forEach(line -> projects.computeIfAbsent(line.account(), any -> new ArrayList<>())
                .add(line));
        String last = lines.get(lines.size() - 1).account();
        if (lines.size() == PAGE && projects.size() > 1) {
            // The hours of the last project may go on in the next page.
            projects.remove(last);
        }
        List<Report> reports = projects.entrySet().stream()
                .map(project -> new Report(
                        project.getKey(),
                        project.getValue().stream().map(Line::unreported).reduce(Traffic.NONE, Traffic::plus)))
                .toList();
        List<Report> taken = reports.subList(0, metering.send(reports));
        usage.reported(taken.stream()
                .flatMap(report -> projects.get(report.account()).stream())
                .toList());
        round.after = taken.get(taken.size() - 1).account();
    }
}
