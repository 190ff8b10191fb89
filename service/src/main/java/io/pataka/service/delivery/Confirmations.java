package io.pataka.service.delivery;

import com.rabbitmq.client.ShutdownSignalException;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/**
 * What a broker says of the messages of a batch. A message that goes into no queue is returned and then confirmed all the same; the return
 * comes first and counts.
 */
final class Confirmations {

    private enum State {
        WAITING,
        CONFIRMED,
        REFUSED
    }

    private long firstNumber;
    private State[] states = {};
    private String fault;
    private boolean ended;

    /**
     * A batch begins.
     *
     * @param number of its first message
     */
    synchronized void begin(long number, int messages) {
        firstNumber = number;
        states = new State[messages];
        Arrays.fill(states, State.WAITING);
        fault = null;
    }

    /** No queue took a message. */
    synchronized void returned(long number, String reason) {
        int place = (int) (number - firstNumber);
        if (place >= 0 && place < states.length) {
            states[place] = State.REFUSED;
            fault = "the broker has no queue for it: " + reason;
        }
    }

    /**
     * @param number the message, or the last of several
     * @param multiple whether it is about all messages up to this number
     */
    synchronized void confirmed(long number, boolean multiple, boolean taken) {
        int last = (int) (number - firstNumber);
        if (last < 0 || last >= states.length) {
            return;
        }
        for (int i = multiple ? 0 : last; i <= last; i++) {
            if (states[i] == State.WAITING) {
                states[i] = taken ? State.CONFIRMED : State.REFUSED;
                if (!taken && fault == null) {
                    fault = "the broker refused it";
                }
            }
        }
        notifyAll();
    }

    synchronized void ended(ShutdownSignalException reason) {
        ended = true;
        if (fault == null) {
            fault = reason.getMessage();
        }
        notifyAll();
    }

    /** How many of the first messages were confirmed. */
    synchronized int first() {
        int first = 0;
        while (first < states.length && states[first] == State.CONFIRMED) {
            first++;
        }
        return first;
    }

    private boolean isWaiting() {
        for (State state : states) {
            if (state == State.WAITING) {
                return true;
            }
        }
        return false;
    }

    /** Waits until the broker has spoken of all messages. */
    synchronized Sent await(Duration atMost) throws InterruptedException {
        long end = System.nanoTime() + atMost.toNanos();
        while (isWaiting() && !ended) {
            long millis = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
            if (millis <= 0) {
                return Sent.failed(first(), "no confirmation within " + atMost.toSeconds() + " s");
            }
            wait(millis);
        }
        int first = first();
        return first == states.length ? Sent.first(first) : Sent.failed(first, fault);
    }
}
