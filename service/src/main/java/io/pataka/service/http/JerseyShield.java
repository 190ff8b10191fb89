package io.pataka.service.http;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;
import java.util.Collections;
import java.util.Enumeration;

/**
 * Gives Jersey the same request each time, {@code POST /} without headers, and discards Jersey's own reply. Jersey refuses
 * paths with braces or an empty first segment and media types that it cannot parse, answers OPTIONS and HEAD by itself, and
 * would parse the Content-Type of a stored object; S3 does none of that. The {@link Exchange} has the real request and the real
 * reply.
 */
final class JerseyShield implements Filter {

    /** The method that {@link S3Endpoint} is registered for. */
    static final String METHOD = "POST";

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        chain.doFilter(
                new FixedRequest((HttpServletRequest) request), new SilentResponse((HttpServletResponse) response));
    }

    private static final class FixedRequest extends HttpServletRequestWrapper {

        FixedRequest(HttpServletRequest request) {
            super(request);
        }

        @Override
        public String getMethod() {
            return METHOD;
        }

        @Override
        public String getRequestURI() {
            return "/";
        }

        @Override
        public StringBuffer getRequestURL() {
            return new StringBuffer("http://pataka/");
        }

        @Override
        public String getServletPath() {
            return "";
        }

        @Override
        public String getPathInfo() {
            return "/";
        }

        @Override
        public String getQueryString() {
            return null;
        }

        @Override
        public String getHeader(String name) {
            return null;
        }

        @Override
        public Enumeration<String> getHeaders(String name) {
            return Collections.emptyEnumeration();
        }

        @Override
        public Enumeration<String> getHeaderNames() {
            return Collections.emptyEnumeration();
        }

        @Override
        public String getContentType() {
            return null;
        }

        @Override
        public int getContentLength() {
            return 0;
        }

        @Override
        public long getContentLengthLong() {
            return 0;
        }
    }

    private static final class SilentResponse extends HttpServletResponseWrapper {

        SilentResponse(HttpServletResponse response) {
            super(response);
        }

        @Override
        public void setStatus(int status) {
            // the status is set by S3ResponseWriter
        }

        @Override
        public void sendError(int status) {
            // as above
        }

        @Override
        public void sendError(int status, String message) {
            // as above
        }

        @Override
        public void setHeader(String name, String value) {
            // headers are set by S3ResponseWriter
        }

        @Override
        public void addHeader(String name, String value) {
            // as above
        }

        @Override
        public void setContentLength(int length) {
            // as above
        }

        @Override
        public void flushBuffer() {
            // Jetty completes the reply when the filters return
        }
    }
}
