package io.pataka.keystone;

import com.github.benmanes.caffeine.cache.Ticker;
import io.pataka.keystone.KeystoneGateway.Verdict;
import java.util.Optional;

/**
 * The connection to one Keystone. Opening it makes no call, so that a service can start while Keystone is down.
 *
 * <pre>{@code
 * KeystoneSettings settings = KeystoneSettings.builder()
 *         .authUrl("https://keystone.example:5000/v3")
 *         .username("pataka").password(password).projectName("service")
 *         .build();
 * try (KeystoneConnection keystone = KeystoneConnection.open(settings, KeystoneMetrics.NONE)) {
 *     Resolution resolution = keystone.resolver().resolve(proof);
 * }
 * }</pre>
 */
public final class KeystoneConnection implements AutoCloseable {

    private final KeystoneSettings settings;
    private final Ticker clock;
    private final PacedLog log = new PacedLog();
    private final ServiceSession session;
    private final KeystoneGateway gateway;
    private final KeystoneWorkers forAnyone;
    private final KeystoneWorkers forSigners;
    private final OutageGate gate;
    private final CredentialResolver resolver;
    private final IdentityDirectory directory;
    private final ServiceUserCheck check;

    private KeystoneConnection(KeystoneSettings settings, KeystoneMetrics metrics, Ticker clock) {
        ServiceHttp http = ServiceHttp.ofKeystone(settings, metrics);
        this.clock = clock;
        this.session = new ServiceSession(http, settings, log, clock);
        OpenStack4jCalls openStack = OpenStack4jCalls.ofKeystone(http, session, settings, log);
        this.settings = settings;
        this.gateway = new OpenStack4jKeystoneGateway(http, session, openStack, settings, log);
        int half = Math.max(1, settings.maxConcurrentCalls() / 2);
        this.forAnyone = new KeystoneWorkers("keystone-reader", half);
        this.forSigners = new KeystoneWorkers("keystone-prover", Math.max(1, settings.maxConcurrentCalls() - half));
        this.gate = new OutageGate("Keystone", settings.timeout(), log, clock);
        this.resolver = switch (settings.mode()) {
            case CACHED ->
                new CachingCredentialResolver(gateway, forAnyone, forSigners, gate, settings, metrics, clock);
            case ASK -> new AskingCredentialResolver(gateway, forAnyone, gate, settings, metrics);
        };
        AddressBook addresses = new AddressBook(http, session, forSigners, settings, log, clock);
        this.directory = new IdentityDirectory(openStack, addresses, forSigners, settings);
        this.check = new ServiceUserCheck(session, gateway, forSigners, settings);
    }

    /** @throws IllegalArgumentException if the cafile holds no certificates */
    public static KeystoneConnection open(KeystoneSettings settings, KeystoneMetrics metrics) {
        return open(settings, metrics, Ticker.systemTicker());
    }

    /** With a clock for the age of tokens and answers and for the end of pauses. Timeouts of calls are real time. */
    static KeystoneConnection open(KeystoneSettings settings, KeystoneMetrics metrics, Ticker clock) {
        return new KeystoneConnection(settings, metrics, clock);
    }

    /** The resolver for the mode of the settings. */
    public CredentialResolver resolver() {
        return resolver;
    }

    public IdentityDirectory directory() {
        return directory;
    }

    public ServiceUserCheck serviceUserCheck() {
        return check;
    }

    /**
     * The secrets of tenants in Barbican, read with the tokens of this connection's service user. The caller closes them before
     * this connection.
     *
     * @param forBarbican receives the events of Barbican only; those of Keystone go to the metrics of this connection
     */
    public BarbicanSecrets barbican(BarbicanSettings barbican, KeystoneMetrics forBarbican) {
        return new BarbicanSecrets(session, settings, barbican, forBarbican, log, clock);
    }

    /** The number of cached access keys with secrets; 0 in mode ask. */
    public long keysHeld() {
        return resolver instanceof CachingCredentialResolver caching ? caching.size() : 0;
    }

    /**
     * For a health check: the fault of Keystone or of the service user, if there is one. Makes no call if the last one was
     * answered. Otherwise it makes one, within the timeout of the settings, so that a fault is not reported after its end if no
     * other call is made.
     */
    public Optional<String> trouble() {
        if (!gate.isInTrouble()) {
            return Optional.empty();
        }
        try {
            gate.enter();
            Verdict unused = KeystoneWorkers.await(
                    forSigners.submit(gate.watched(() -> gateway.prove(ProbeProof.ofUnknownKey()))),
                    Deadline.in(settings.timeout()));
            return Optional.empty();
        } catch (KeystoneUnavailableException unavailable) {
            return Optional.of(unavailable.getMessage());
        }
    }

    /** Stops the threads. Waiting calls fail as unavailable, at the latest at their timeout. */
    @Override
    public void close() {
        forAnyone.close();
        forSigners.close();
    }
}
