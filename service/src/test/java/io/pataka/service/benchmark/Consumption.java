package io.pataka.service.benchmark;

import java.time.Duration;

/**
 * What a server has consumed up to a moment, or between two moments.
 *
 * @param server CPU time of the server's process
 * @param database CPU time of the database's process
 * @param statements that the database was sent
 */
record Consumption(Duration server, Duration database, long statements) {

    Consumption since(Consumption earlier) {
        return new Consumption(
                server.minus(earlier.server), database.minus(earlier.database), statements - earlier.statements);
    }
}
