package io.pataka.service;

import io.dropwizard.util.Duration;
import io.dropwizard.validation.ValidationMethod;
import io.pataka.service.delivery.AddressGuard;
import io.pataka.service.delivery.DeliveryRules;
import io.pataka.service.delivery.Network;
import io.pataka.service.delivery.OsloNotifications;
import io.pataka.service.delivery.TrustedAuthorities;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * How events are sent to the destinations of topics.
 *
 * @param threads that send events on this node
 * @param eventsPerTopic the most events that wait for a topic; what comes beyond is lost
 * @param timeToLive how long an event is tried, if the topic does not say it; zero for ever
 * @param maxRetries how often an event is tried again, if the topic does not say it; zero for ever
 * @param retryPause between two attempts, if the topic does not say it; zero for pauses from one second to five minutes
 * @param privateNetworks whether events are sent to addresses of private networks
 * @param allowedNetworks to which events are sent although they are private or special
 * @param deniedNetworks to which no events are sent, whatever the others say
 * @param certificateAuthorities a directory with the files that topics may name as {@code ca-location}; absent for none
 * @param oslo absent if there are no notifications for the cloud
 */
public record DeliverySettings(
        @Min(1) @Max(1000) Integer threads,
        @Min(1) Integer eventsPerTopic,
        Duration timeToLive,
        @Min(0) Integer maxRetries,
        Duration retryPause,
        Boolean privateNetworks,
        List<@NotNull String> allowedNetworks,
        List<@NotNull String> deniedNetworks,
        Path certificateAuthorities,
        @Valid Oslo oslo) {

    private static final int THREADS = 16;
    private static final int EVENTS = 100_000;
    private static final Duration NONE = Duration.seconds(0);

    /** After the other constants, of which it is made. */
    static final DeliverySettings STANDARD =
            new DeliverySettings(null, null, null, null, null, null, null, null, null, null);

    public DeliverySettings {
        threads = threads == null ? THREADS : threads;
        eventsPerTopic = eventsPerTopic == null ? EVENTS : eventsPerTopic;
        timeToLive = timeToLive == null ? NONE : timeToLive;
        maxRetries = maxRetries == null ? 0 : maxRetries;
        retryPause = retryPause == null ? NONE : retryPause;
        privateNetworks = privateNetworks != null && privateNetworks;
        allowedNetworks = allowedNetworks == null ? List.of() : allowedNetworks;
        deniedNetworks = deniedNetworks == null ? List.of() : deniedNetworks;
    }

    @ValidationMethod(
            message =
                    "notifications.delivery.allowedNetworks or deniedNetworks: each must be an IP address or a network such as 10.0.0.0/8")
    public boolean isEachNetworkOne() {
        return Stream.concat(allowedNetworks.stream(), deniedNetworks.stream())
                .filter(Objects::nonNull)
                .allMatch(DeliverySettings::isNetwork);
    }

    private static boolean isNetwork(String text) {
        try {
            Network.parse(text);
            return true;
        } catch (IllegalArgumentException notOne) {
            return false;
        }
    }

    DeliveryRules rules() {
        return new DeliveryRules(threads, timeToLive.toJavaDuration(), maxRetries, retryPause.toJavaDuration());
    }

    AddressGuard guard() {
        return new AddressGuard(networks(deniedNetworks), networks(allowedNetworks), privateNetworks);
    }

    private static List<Network> networks(List<String> texts) {
        return texts.stream().map(Network::parse).toList();
    }

    TrustedAuthorities authorities() {
        return new TrustedAuthorities(Optional.ofNullable(certificateAuthorities)
                .filter(path -> !path.toString().isEmpty()));
    }

    /**
     * The broker of the cloud's notifications.
     *
     * @param url as oslo.messaging's {@code transport_url}, with one host
     * @param tls whether the connection is encrypted
     * @param authorities the name of a file in {@code certificateAuthorities}; absent for those of the system
     * @param exchange as oslo.messaging's {@code control_exchange}
     * @param topic as oslo.messaging's {@code topics}
     * @param durable as oslo.messaging's {@code amqp_durable_queues}
     * @param projects ids of the projects whose topics may send there
     * @param meters whether Ceilometer gets the traffic of projects
     */
    public record Oslo(
            @NotEmpty String url,
            Boolean tls,
            String authorities,
            String exchange,
            String topic,
            Boolean durable,
            List<@NotEmpty String> projects,
            Boolean meters) {

        public Oslo {
            tls = tls != null && tls;
            exchange = exchange == null ? "pataka" : exchange;
            topic = topic == null ? "notifications" : topic;
            durable = durable != null && durable;
            projects = projects == null ? List.of() : projects;
            meters = meters != null && meters;
        }

        @ValidationMethod(
                message = "notifications.delivery.oslo.url must be rabbit://user:password@host:port/virtual-host")
        public boolean isUrlOfABroker() {
            try {
                return url == null || notifications("") != null;
            } catch (IllegalArgumentException notOne) {
                return false;
            }
        }

        OsloNotifications notifications(String publisher) {
            return OsloNotifications.of(
                    url, tls, Optional.ofNullable(authorities), exchange, topic, durable, publisher, projects);
        }

        /** Without the password in the URL. */
        @Override
        public String toString() {
            return "Oslo[exchange=" + exchange + ", topic=" + topic + "]";
        }
    }

    /** The projects whose topics may send to the broker of the cloud; none if there is no such broker. */
    Set<String> osloProjects() {
        return oslo == null ? Set.of() : Set.copyOf(oslo.projects());
    }

    /** Whether there are notifications for the cloud, with meters among them. */
    boolean sendsMeters() {
        return oslo != null && oslo.meters();
    }

    /**
     * @param publisher names this node in the notifications
     */
    Optional<OsloNotifications> osloNotifications(String publisher) {
        return Optional.ofNullable(oslo).map(settings -> settings.notifications(publisher));
    }
}
