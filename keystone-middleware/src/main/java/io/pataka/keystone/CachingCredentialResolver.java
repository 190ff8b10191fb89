package io.pataka.keystone;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import io.pataka.keystone.KeystoneGateway.Reading;
import io.pataka.keystone.KeystoneGateway.Verdict;
import io.pataka.keystone.Resolution.Granted;
import io.pataka.keystone.Resolution.Reason;
import io.pataka.keystone.Resolution.Refused;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Verifies signatures itself, with the secret from Keystone, and caches secret and authorisation.
 *
 * <p>A key that is not cached costs two calls: one for its secret and, if the client's signature matches, one that asks whether
 * its owner is authorised, with a proof that this class signs. A cached key costs no call until its lifetime is over. A key in
 * use is renewed in the background just before, with one call. All requests with one key share one call.
 *
 * <p>A revoked credential, user, project or role is refused within the lifetime. A changed secret works at once, since a
 * signature that does not match makes this class read the secret again, at most once in five seconds for each key. The old
 * secret works to the end of the lifetime.
 */
final class CachingCredentialResolver implements CredentialResolver {

    private static final Duration BETWEEN_READINGS = Duration.ofSeconds(5);

    /** Pause before the next call for a key for which Keystone failed, while it answers for others. */
    private static final Duration AFTER_FAILURE = Duration.ofSeconds(1);

    private final Ticker clock;
    private final KeystoneGateway gateway;
    private final KeystoneSettings settings;
    private final KeystoneMetrics metrics;
    private final OutageGate gate;
    private final SingleFlight<String, Finding> readings;

    /** By credential, so that a request with a changed secret does not share a call with the old one. */
    private final SingleFlight<StoredCredential, Finding> questions;

    private final Cache<String, Known> known;
    private final Cache<String, Missing> missing;
    private final Cache<String, KeystoneUnavailableException> failed;
    private final long lifetime;
    private final RenewalTimes renewalTimes;
    private final long missLifetime;

    /**
     * @param forAnyone threads that read secrets; any request with an access key uses them
     * @param forSigners threads that ask about owners; only requests with a right signature use them, so that a flood of
     *     made-up keys cannot stop the renewal of keys in use
     * @param clock for the age of Keystone's answers
     */
    CachingCredentialResolver(
            KeystoneGateway gateway,
            KeystoneWorkers forAnyone,
            KeystoneWorkers forSigners,
            OutageGate gate,
            KeystoneSettings settings,
            KeystoneMetrics metrics,
            Ticker clock) {
        this.clock = clock;
        this.gateway = gateway;
        this.settings = settings;
        this.metrics = metrics;
        this.gate = gate;
        this.readings = new SingleFlight<>(forAnyone);
        this.questions = new SingleFlight<>(forSigners);
        this.lifetime = settings.cacheLifetime().toNanos();
        this.renewalTimes = new RenewalTimes(settings.cacheLifetime());
        this.missLifetime = settings.cacheMissLifetime().toNanos();
        // Kept beyond its lifetime: a key that is used again then costs one call, not two.
        this.known = Caffeine.newBuilder()
                .ticker(clock)
                .maximumSize(settings.cacheSize())
                .expireAfterWrite(settings.cacheLifetime().multipliedBy(2).plus(settings.cacheGrace()))
                .build();
        this.missing = Caffeine.newBuilder()
                .ticker(clock)
                .maximumSize(settings.cacheSize())
                .expireAfterWrite(settings.cacheMissLifetime())
                .build();
        this.failed = Caffeine.newBuilder()
                .ticker(clock)
                .maximumSize(settings.cacheSize())
                .expireAfterWrite(AFTER_FAILURE)
                .build();
    }

    /** The cached state of an access key. */
    private sealed interface Finding {}

    /** @param foundAt when Keystone was asked */
    private record Missing(Refused refusal, long foundAt) implements Finding {}

    /**
     * @param readAt when the secret was read
     * @param readAgainAt when the secret was last read again after a signature that did not match
     * @param word Keystone's answer about the owner, once there is one
     */
    private record Known(StoredCredential stored, long readAt, long readAgainAt, Optional<Word> word)
            implements Finding {}

    /**
     * @param renewAt the age at which it is renewed in the background if the key is in use
     * @param renewing whether the renewal has begun
     */
    private record Word(Resolution said, long askedAt, long renewAt, AtomicBoolean renewing) {
        boolean isGrant() {
            return said instanceof Granted;
        }
    }

    @Override
    public Resolution resolve(SignedProof proof) {
        long now = clock.read();
        Known cached = known.getIfPresent(proof.accessKey());
        boolean matches = cached != null && proof.isSignedWith(cached.stored().secret());
        if (matches && cached.word().isPresent()) {
            Word word = cached.word().get();
            long age = now - word.askedAt();
            if (age < (word.isGrant() ? lifetime : missLifetime)) {
                metrics.hit(Duration.ofNanos(age));
                if (word.isGrant()
                        && age >= renewalTimes.inUseFrom()
                        && word.renewing().compareAndSet(false, true)) {
                    long wait = Math.max(0, word.renewAt() - age);
                    CompletableFuture.delayedExecutor(wait, TimeUnit.NANOSECONDS)
                            .execute(() -> renew(cached));
                }
                return word.said();
            }
        }
        try {
            return asked(proof, cached, matches, now, Deadline.in(settings.timeout()));
        } catch (KeystoneUnavailableException unavailable) {
            return matches ? withinGrace(cached, now, unavailable) : unavailable(unavailable);
        }
    }

    private Resolution withinGrace(Known cached, long now, KeystoneUnavailableException unavailable) {
        if (cached.word().isPresent() && cached.word().get().isGrant()) {
            Word word = cached.word().get();
            long age = now - word.askedAt();
            if (age < lifetime + settings.cacheGrace().toNanos()) {
                metrics.hit(Duration.ofNanos(age));
                return word.said();
            }
        }
        return unavailable(unavailable);
    }

    private Resolution unavailable(KeystoneUnavailableException unavailable) {
        metrics.unavailable(unavailable.outage());
        return unavailable.toResolution();
    }

    /** The number of cached access keys. */
    long size() {
        known.cleanUp();
        return known.estimatedSize();
    }

    private Resolution asked(SignedProof proof, Known cached, boolean matches, long now, Deadline deadline)
            throws KeystoneUnavailableException {
        Finding finding = cached;
        if (cached == null) {
            finding = missing.getIfPresent(OpenStack4jKeystoneGateway.credentialId(proof.accessKey()));
            if (finding != null) {
                metrics.hit(Duration.ofNanos(now - ((Missing) finding).foundAt()));
            } else {
                finding = reading(proof.accessKey(), null, now, deadline);
            }
        } else if (!matches) {
            if (now - cached.readAgainAt() < BETWEEN_READINGS.toNanos()) {
                return mismatch();
            }
            finding = reading(proof.accessKey(), cached, now, deadline);
        }
        if (finding instanceof Missing none) {
            return none.refusal();
        }
        Known current = (Known) finding;
        if (!proof.isSignedWith(current.stored().secret())) {
            return mismatch();
        }
        if (!isFresh(current, now)) {
            if (current.readAt() - now < 0) {
                metrics.missed();
            }
            enter(proof.accessKey());
            Finding answer = KeystoneWorkers.await(question(current, now), deadline);
            if (answer instanceof Missing none) {
                return none.refusal();
            }
            Known renewed = (Known) answer;
            if (!proof.isSignedWith(renewed.stored().secret())) {
                return mismatch();
            }
            return renewed.word().orElseThrow().said();
        }
        return current.word().orElseThrow().said();
    }

    private static Refused mismatch() {
        return new Refused(Reason.SIGNATURE_MISMATCH, "not signed with the secret of this access key");
    }

    private boolean isFresh(Known entry, long now) {
        return entry.word()
                .filter(word -> now - word.askedAt() < (word.isGrant() ? lifetime : missLifetime))
                .isPresent();
    }

    /** Does nothing during a pause after an outage. A request after the lifetime then asks Keystone. */
    private void renew(Known entry) {
        try {
            enter(entry.stored().accessKey());
        } catch (KeystoneUnavailableException paused) {
            return;
        }
        CompletableFuture<Finding> unused = question(entry, clock.read());
    }

    private CompletableFuture<Finding> question(Known entry, long now) {
        String accessKey = entry.stored().accessKey();
        return questions.join(entry.stored(), watched(accessKey, () -> ask(accessKey, entry, now)));
    }

    private Finding reading(String accessKey, Known before, long now, Deadline deadline)
            throws KeystoneUnavailableException {
        metrics.missed();
        enter(accessKey);
        return KeystoneWorkers.await(
                readings.join(accessKey, watched(accessKey, () -> read(accessKey, before, now))), deadline);
    }

    private void enter(String accessKey) throws KeystoneUnavailableException {
        KeystoneUnavailableException recent = failed.getIfPresent(accessKey);
        if (recent != null) {
            throw recent;
        }
        gate.enter();
    }

    private Callable<Finding> watched(String accessKey, Callable<Finding> work) {
        Callable<Finding> watched = gate.watched(work);
        return () -> {
            try {
                return watched.call();
            } catch (KeystoneUnavailableException unavailable) {
                failed.put(accessKey, unavailable);
                throw unavailable;
            }
        };
    }

    /** @param before the cached state, if a signature did not match it */
    private Finding read(String accessKey, Known before, long since) throws KeystoneUnavailableException {
        Known meanwhile = known.getIfPresent(accessKey);
        if (meanwhile != null && meanwhile.readAt() - since >= 0) {
            return meanwhile;
        }
        long now = clock.read();
        Reading reading = gateway.secretOf(accessKey);
        if (!(reading instanceof Reading.Found found)) {
            return gone(accessKey, now, reading);
        }
        boolean same = before != null && before.stored().equals(found.credential());
        Known entry = new Known(
                found.credential(),
                now,
                before == null ? now - BETWEEN_READINGS.toNanos() : now,
                same ? before.word() : Optional.empty());
        known.put(accessKey, entry);
        return entry;
    }

    private Missing gone(String accessKey, long now, Reading reading) {
        String detail = reading instanceof Reading.Unusable unusable
                ? unusable.cause()
                : "Keystone has no EC2 credential with this access key";
        Missing none = new Missing(new Refused(Reason.UNKNOWN_ACCESS_KEY, detail), now);
        known.invalidate(accessKey);
        missing.put(OpenStack4jKeystoneGateway.credentialId(accessKey), none);
        return none;
    }

    private Finding ask(String accessKey, Known entry, long since) throws KeystoneUnavailableException {
        Known meanwhile = known.getIfPresent(accessKey);
        if (meanwhile != null
                && meanwhile.stored().equals(entry.stored())
                && meanwhile.word().filter(word -> word.askedAt() - since >= 0).isPresent()) {
            return meanwhile;
        }
        long now = clock.read();
        Known current = entry;
        Verdict verdict =
                gateway.prove(ProbeProof.of(current.stored(), Clock.systemUTC().instant()));
        if (!(verdict instanceof Verdict.Proved) && current.readAt() - since < 0) {
            // The cached secret may have been changed or deleted.
            Reading reading = gateway.secretOf(accessKey);
            if (!(reading instanceof Reading.Found found)) {
                return gone(accessKey, now, reading);
            }
            if (!found.credential().equals(current.stored())) {
                verdict = gateway.prove(
                        ProbeProof.of(found.credential(), Clock.systemUTC().instant()));
            }
            current = new Known(found.credential(), now, current.readAgainAt(), Optional.empty());
        }
        return worded(current, verdict, now);
    }

    private Known worded(Known entry, Verdict verdict, long now) {
        StoredCredential stored = entry.stored();
        Resolution said;
        if (verdict instanceof Verdict.Proved proved) {
            said = new Granted(new Ec2Credential(
                    stored.accessKey(), Optional.of(stored.secret()), withDelegation(proved.identity(), stored)));
        } else if (verdict instanceof Verdict.Gone) {
            said = new Refused(
                    Reason.NOT_AUTHORISED, "the trust or application credential behind this access key is gone");
        } else {
            said = new Refused(
                    Reason.NOT_AUTHORISED,
                    "user, project or domain is disabled, or the user has no role on the project");
        }
        boolean inTime = entry.word()
                .filter(before -> before.isGrant() && now - before.askedAt() < lifetime)
                .isPresent();
        long renewAt = inTime ? renewalTimes.later() : renewalTimes.first(ThreadLocalRandom.current());
        Word word = new Word(said, now, renewAt, new AtomicBoolean());
        Known renewed = new Known(stored, now, entry.readAgainAt(), Optional.of(word));
        // A call that began later read a newer secret.
        known.asMap().merge(stored.accessKey(), renewed, (held, mine) -> held.readAt() - now > 0 ? held : mine);
        return renewed;
    }

    private static KeystoneIdentity withDelegation(KeystoneIdentity identity, StoredCredential stored) {
        return new KeystoneIdentity(
                identity.user(), identity.project(), identity.roles(), identity.delegated() || stored.delegated());
    }
}
