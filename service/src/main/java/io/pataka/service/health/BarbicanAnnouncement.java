package io.pataka.service.health;

import io.dropwizard.lifecycle.Managed;
import io.pataka.keystone.BarbicanSecrets;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs at the start whether Barbican answers. The server does not wait for this: Barbican may be down. */
public final class BarbicanAnnouncement implements Managed {

    private static final Logger LOG = LoggerFactory.getLogger(BarbicanAnnouncement.class);

    private final Thread announcing;

    public BarbicanAnnouncement(BarbicanSecrets secrets) {
        this.announcing = new Thread(
                () -> secrets.probe()
                        .ifPresentOrElse(
                                fault -> LOG.error("Keys in Barbican cannot be read: {}", fault),
                                () -> LOG.info("Barbican answers; keys of SSE-KMS can be read")),
                "barbican-check");
        announcing.setDaemon(true);
    }

    @Override
    public void start() {
        announcing.start();
    }

    @Override
    public void stop() {
        announcing.interrupt();
    }
}
