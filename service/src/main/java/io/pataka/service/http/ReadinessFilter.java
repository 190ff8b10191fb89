package io.pataka.service.http;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Answers health checks of a proxy on the application port: 200 if this node should get requests, or else 503 with the reason.
 * No bucket can be named as the path begins. These requests are not logged.
 */
public final class ReadinessFilter implements Filter {

    /** The path that a proxy asks for. */
    public static final String PATH = "/-/ready";

    private final BucketAddressing addressing;
    private final WebsiteHosts websites;
    private final Supplier<Optional<String>> obstacle;
    private volatile boolean stopping;

    /** @param obstacle why another node would serve requests better; must return at once */
    public ReadinessFilter(BucketAddressing addressing, WebsiteHosts websites, Supplier<Optional<String>> obstacle) {
        this.addressing = Objects.requireNonNull(addressing);
        this.websites = Objects.requireNonNull(websites);
        this.obstacle = Objects.requireNonNull(obstacle);
    }

    /** From now on the node is not ready. */
    void stopping() {
        stopping = true;
    }

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        HttpServletRequest asked = (HttpServletRequest) request;
        if (!PATH.equals(asked.getRequestURI()) || isKey(asked)) {
            chain.doFilter(request, response);
            return;
        }
        Optional<String> reason = stopping ? Optional.of("the server stops") : obstacle.get();
        HttpServletResponse answer = (HttpServletResponse) response;
        answer.setStatus(reason.isEmpty() ? HttpServletResponse.SC_OK : HttpServletResponse.SC_SERVICE_UNAVAILABLE);
        answer.setContentType("text/plain;charset=UTF-8");
        answer.setHeader("Cache-Control", "no-store");
        answer.getWriter().println(reason.orElse("ready"));
    }

    /** Whether the host names a bucket, so that the path is the key of an object. */
    private boolean isKey(HttpServletRequest asked) {
        return addressing.isOfABucket(asked.getHeader("Host"))
                || websites.siteOf(asked).flatMap(WebsiteHosts.Site::bucket).isPresent();
    }
}
