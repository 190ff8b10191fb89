package io.pataka.service.http;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** Begins each exchange with its ids, and logs and counts it at its end, also after a failure. */
final class ExchangeFilter implements Filter {

    private final AccessLog log;
    private final OperationMetrics metrics;
    private final ClientLimits limits;

    ExchangeFilter(AccessLog log, OperationMetrics metrics, ClientLimits limits) {
        this.log = log;
        this.metrics = metrics;
        this.limits = limits;
    }

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        Exchange exchange =
                Exchange.begin(RequestId.next(), (HttpServletRequest) request, (HttpServletResponse) response, limits);
        metrics.began();
        try {
            chain.doFilter(request, response);
        } finally {
            metrics.ended(exchange);
            log.write(exchange);
        }
    }
}
