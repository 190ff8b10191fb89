package io.pataka.keystone;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/** Limits how much work runs and waits for one project at a time, so that a project cannot fill the queue for the others. */
final class ProjectShares {

    private final int share;
    private final ConcurrentHashMap<String, Integer> running = new ConcurrentHashMap<>();

    /**
     * @param share how much work of one project may run and wait; at least 1
     */
    ProjectShares(int share) {
        this.share = share;
    }

    /** The result of the work; one that is unavailable, without starting the work, if the project has its share already. */
    <T> CompletableFuture<T> start(String project, Supplier<CompletableFuture<T>> work) {
        if (running.merge(project, 1, Integer::sum) > share) {
            end(project);
            return CompletableFuture.failedFuture(KeystoneUnavailableException.crowded(
                    "project " + project + " has too many questions waiting for an answer"));
        }
        return work.get().whenComplete((result, failure) -> end(project));
    }

    private void end(String project) {
        running.computeIfPresent(project, (key, count) -> count == 1 ? null : count - 1);
    }
}
