package io.pataka.service.http;

import com.codahale.metrics.MetricRegistry;
import io.dropwizard.core.setup.Environment;
import io.prometheus.metrics.exporter.servlet.jakarta.PrometheusMetricsServlet;
import io.prometheus.metrics.instrumentation.dropwizard.DropwizardExports;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import jakarta.servlet.DispatcherType;
import java.util.EnumSet;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.component.LifeCycle;
import org.glassfish.jersey.server.ServerProperties;

/** Hangs the endpoint into the server: filters, resource, error pages, and the metrics page of the admin port. */
public final class Door {

    /** Dropwizard's name of the connectors that are not the admin port's. */
    private static final String APPLICATION = "application";

    private final S3Endpoint endpoint;
    private final AccessLog log;
    private final ClientLimits limits;
    private final ReadinessFilter readiness;

    public Door(S3Endpoint endpoint, AccessLog log, ClientLimits limits, ReadinessFilter readiness) {
        this.endpoint = endpoint;
        this.log = log;
        this.limits = limits;
        this.readiness = readiness;
    }

    /** Called once, while the application is set up. */
    public void open(Environment environment) {
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
     * Jetty knows some header values by heart, and gives {@code text/plain; charset=UTF-8} the letters that it likes best. They
     * are signed as they were sent, and stored with objects.
     */
    private static void keepLettersAsSent(Server server) {
        for (HttpConnectionFactory http : server.getContainedBeans(HttpConnectionFactory.class)) {
            http.getHttpConfiguration().setHeaderCacheCaseSensitive(true);
        }
    }

    /** Those of clients; the admin port keeps Jetty's. */
    private static void takeOverConnections(Server server, MetricRegistry metrics, ClientLimits limits) {
        for (Connector connector : server.getConnectors()) {
            if (APPLICATION.equals(connector.getName()) && connector instanceof ServerConnector clients) {
                S3HttpConnectionFactory.installIn(clients, metrics, limits);
            }
        }
    }

    private static PrometheusRegistry exports(Environment environment, OperationMetrics operations) {
        PrometheusRegistry registry = new PrometheusRegistry();
        registry.register(operations);
        DropwizardExports.builder()
                .dropwizardRegistry(environment.metrics())
                .metricFilter(OperationMetrics.others())
                .register(registry);
        return registry;
    }
}
