package io.pataka.service.http;

import com.codahale.metrics.MetricRegistry;
import io.dropwizard.core.setup.Environment;
import io.prometheus.metrics.exporter.servlet.jakarta.PrometheusMetricsServlet;
import io.prometheus.metrics.instrumentation.dropwizard.DropwizardExports;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import jakarta.servlet.DispatcherType;
import java.util.EnumSet;
import java.util.List;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.component.LifeCycle;
import org.glassfish.jersey.server.ServerProperties;

/** Registers the endpoint with the server: filters, resource, error pages, and the metrics page of the admin port. */
public final class EndpointRegistration {

    /** Dropwizard's name of the connectors for clients. */
    private static final String APPLICATION = "application";

    private final S3Endpoint endpoint;
    private final AccessLog log;
    private final ClientLimits limits;
    private final ReadinessFilter readiness;
    private final List<MultiCollector> meters;

    /**
     * @param meters metrics with labels, which a Dropwizard registry cannot have
     */
    public EndpointRegistration(
            S3Endpoint endpoint,
            AccessLog log,
            ClientLimits limits,
            ReadinessFilter readiness,
            List<MultiCollector> meters) {
        this.endpoint = endpoint;
        this.log = log;
        this.limits = limits;
        this.readiness = readiness;
        this.meters = List.copyOf(meters);
    }

    /** Called once, while the application is set up. */
    public void register(Environment environment) {
        environment.getApplicationContext().getServletHandler().setDecodeAmbiguousURIs(true);
        JettyErrorPages pages = new JettyErrorPages(log);
        environment.getApplicationContext().setErrorHandler(pages);
        environment.getAdminContext().setErrorHandler(new ErrorHandler());
        environment.lifecycle().addEventListener(new LifeCycle.Listener() {
            @Override
            public void lifeCycleStarting(LifeCycle server) {
                ((Server) server).setErrorHandler(pages);
                keepLettersAsSent((Server) server);
                takeOverConnections((Server) server, environment.metrics(), limits);
            }

            @Override
            public void lifeCycleStopping(LifeCycle server) {
                readiness.stopping();
            }
        });

        OperationMetrics metrics = new OperationMetrics(environment.metrics());
        EnumSet<DispatcherType> requests = EnumSet.of(DispatcherType.REQUEST);
        environment
                .servlets()
                .addFilter("readiness", readiness)
                .addMappingForUrlPatterns(requests, true, ReadinessFilter.PATH);
        environment
                .servlets()
                .addFilter("exchange", new ExchangeFilter(log, metrics, limits))
                .addMappingForUrlPatterns(requests, true, "/*");
        environment
                .servlets()
                .addFilter("jersey-shield", new JerseyShield())
                .addMappingForUrlPatterns(requests, true, "/*");
        environment.jersey().property(ServerProperties.WADL_FEATURE_DISABLE, true);
        environment.jersey().property(ServerProperties.RESPONSE_SET_STATUS_OVER_SEND_ERROR, true);
        environment.jersey().register(endpoint);

        environment
                .admin()
                .addServlet("prometheus", new PrometheusMetricsServlet(exports(environment, metrics)))
                .addMapping("/metrics");
    }

    /**
     * Keeps the case of header values. Jetty's cache would replace {@code text/plain; charset=UTF-8} by its own spelling, but
     * the client signed the value as it was sent, and it is stored with the object.
     */
    private static void keepLettersAsSent(Server server) {
        for (HttpConnectionFactory http : server.getContainedBeans(HttpConnectionFactory.class)) {
            http.getHttpConfiguration().setHeaderCacheCaseSensitive(true);
        }
    }

    /** Replaces the connection factory of the connectors for clients. The admin port keeps Jetty's. */
    private static void takeOverConnections(Server server, MetricRegistry metrics, ClientLimits limits) {
        for (Connector connector : server.getConnectors()) {
            if (APPLICATION.equals(connector.getName()) && connector instanceof ServerConnector clients) {
                S3HttpConnectionFactory.installIn(clients, metrics, limits);
            }
        }
    }

    private PrometheusRegistry exports(Environment environment, OperationMetrics operations) {
        PrometheusRegistry registry = new PrometheusRegistry();
        operations.register(registry);
        meters.forEach(registry::register);
        DropwizardExports.builder()
                .dropwizardRegistry(environment.metrics())
                .metricFilter(OperationMetrics.others())
                .register(registry);
        return registry;
    }
}
