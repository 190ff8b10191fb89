package io.pataka.service.health;

import io.dropwizard.servlets.tasks.Task;
import io.pataka.service.metadata.DamageLedger;
import io.pataka.service.metadata.DamageLedger.Damage;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * {@code POST /tasks/lost-content} on the admin port: prints a line for each lost blob. Its fields are separated by tabs: kind
 * of loss, time, the bucket and key that need the blob ({@code -} if not known yet), blob, reason.
 */
public final class LostContentTask extends Task {

    private static final int PAGE = 1_000;

    private final DamageLedger damage;

    public LostContentTask(DamageLedger damage) {
        super("lost-content", "text/plain; charset=utf-8");
        this.damage = Objects.requireNonNull(damage);
    }

    @Override
    public void execute(Map<String, List<String>> parameters, PrintWriter output) {
        Optional<Damage> after = Optional.empty();
        List<Damage> page;
        do {
            page = damage.list(after, PAGE);
            for (Damage lost : page) {
                output.println(lost.line());
                after = Optional.of(lost);
            }
        } while (page.size() == PAGE);
        output.flush();
    }
}
