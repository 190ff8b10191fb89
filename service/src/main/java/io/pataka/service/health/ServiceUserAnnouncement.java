package io.pataka.service.health;

import io.dropwizard.lifecycle.Managed;
import io.pataka.keystone.ServiceUserCheck;
import io.pataka.keystone.ServiceUserCheck.Finding;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs at the start what the service user may and may not do in Keystone, one line for each, with the command that grants what
 * is missing. The server does not wait for this: Keystone may be down.
 */
public final class ServiceUserAnnouncement implements Managed {

    private static final Logger LOG = LoggerFactory.getLogger(ServiceUserAnnouncement.class);

    private final Thread announcing;

    public ServiceUserAnnouncement(ServiceUserCheck check) {
        this.announcing =
                new Thread(() -> check.run().findings().forEach(ServiceUserAnnouncement::log), "keystone-check");
        announcing.setDaemon(true);
    }

    private static void log(Finding finding) {
        if (!finding.passed()) {
            LOG.error("{}", finding);
        } else if (finding.mend().isPresent()) {
            LOG.warn("{}", finding);
        } else {
            LOG.info("{}", finding);
        }
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
