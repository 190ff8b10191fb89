package io.pataka.service.http;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.util.component.AbstractLifeCycle;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.Scheduler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves a renewed certificate without a restart. It reads both files at an interval and compares their content, so they may be
 * overwritten, renamed into place or switched by a symbolic link. Open connections keep the old certificate; later handshakes
 * get the new one. If files are missing, incomplete, do not belong together or are not valid now, this is logged once, and the
 * old certificate is served until they are right.
 *
 * <p>A certificate that expires soon is logged at the start and once a day.
 */
final class CertificateRenewal extends AbstractLifeCycle {

    private static final Logger LOG = LoggerFactory.getLogger(CertificateRenewal.class);

    /** An authority that gives certificates for 90 days has them renewed 30 days before their end. */
    private static final Duration SOON = Duration.ofDays(14);

    private static final Duration REMIND_AFTER = Duration.ofDays(1);

    private final Scheduler scheduler;
    private final SslContextFactory.Server context;
    private final Duration interval;
    private final Clock clock;

    private PemFiles served;
    private KeyStore store;
    private String refusal = "";
    private Instant remindAt = Instant.MIN;
    private volatile Validity validity;
    private volatile Scheduler.Task next;

    /**
     * @param served what the context was made of
     */
    CertificateRenewal(
            Scheduler scheduler, SslContextFactory.Server context, PemFiles served, Duration interval, Clock clock) {
        this.scheduler = scheduler;
        this.context = context;
        this.interval = interval;
        this.clock = clock;
        this.served = served;
        this.store = context.getKeyStore();
        try {
            this.validity = PemKeyStore.validity(store);
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** Seconds until the served certificate expires; negative afterwards. */
    long remainingSeconds() {
        return Duration.between(clock.instant(), validity.until()).toSeconds();
    }

    @Override
    protected void doStart() {
        remind();
        lookLater();
    }

    @Override
    protected void doStop() {
        Scheduler.Task waiting = next;
        if (waiting != null) {
            waiting.cancel();
        }
    }

    private void lookLater() {
        next = scheduler.schedule(this::look, interval.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void look() {
        try {
            takeUpWhatChanged();
            remind();
        } catch (RuntimeException unforeseen) {
            LOG.error("{} could not be read; this is tried again in {}", served, interval, unforeseen);
        } finally {
            if (isRunning()) {
                lookLater();
            }
        }
    }

    private void takeUpWhatChanged() {
        try {
            PemFiles found = PemFiles.read(served.certificate(), served.privateKey());
            if (!found.equals(served)) {
                takeUp(found, PemKeyStore.load(found));
            }
            refusal = "";
        } catch (GeneralSecurityException | IOException unfit) {
            refuse(unfit.getMessage());
        }
    }

    private void takeUp(PemFiles found, KeyStore fresh) throws GeneralSecurityException {
        PemKeyStore.requireValidAt(clock.instant(), fresh, found);
        try {
            context.reload(factory -> factory.setKeyStore(fresh));
        } catch (Exception unfit) {
            restore();
            throw new GeneralSecurityException(found + " cannot be used: " + unfit.getMessage(), unfit);
        }
        served = found;
        store = fresh;
        validity = PemKeyStore.validity(fresh);
        remindAt = Instant.MIN;
        LOG.info(
                "The renewed certificate in {} is served. It is valid until {}", found.certificate(), validity.until());
    }

    /** A reload that fails leaves the context without keys. */
    private void restore() {
        try {
            context.reload(factory -> factory.setKeyStore(store));
        } catch (Exception lost) {
            throw new IllegalStateException("the old certificate in " + served + " cannot be used any more", lost);
        }
    }

    /** Logs each reason once: while the two files are replaced, each reading finds the same fault. */
    private void refuse(String reason) {
        if (!reason.equals(refusal)) {
            refusal = reason;
            LOG.warn(
                    "A renewed certificate cannot be used. The old one, valid until {}, is still served: {}",
                    validity.until(),
                    reason);
        }
    }

    private void remind() {
        Instant now = clock.instant();
        Instant expiry = validity.until();
        if (now.isBefore(remindAt) || !validity.isAhead(now) && expiry.isAfter(now.plus(SOON))) {
            return;
        }
        remindAt = now.plus(REMIND_AFTER);
        if (validity.isAhead(now)) {
            LOG.error(
                    "The certificate in {} is valid from {} on. Clients refuse it until then",
                    served.certificate(),
                    validity.from());
        } else if (expiry.isAfter(now)) {
            LOG.warn(
                    "The certificate in {} is valid until {}, which is {} hours from now. Renew it",
                    served.certificate(),
                    expiry,
                    Duration.between(now, expiry).toHours());
        } else {
            LOG.error("The certificate in {} expired at {}. Clients refuse it. Renew it", served.certificate(), expiry);
        }
    }
}
