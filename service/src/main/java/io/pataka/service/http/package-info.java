/**
 * The HTTP layer, and the only package that uses Jersey, servlets and Jetty's server. {@link io.pataka.service.http.S3Endpoint} is the
 * pipeline of a request: read, authenticate, authorise, perform, reply. Request ids, access log, metrics, CORS headers and
 * errors are here as well.
 */
package io.pataka.service.http;
