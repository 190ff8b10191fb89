/**
 * The door, and the only package that knows Jersey, servlets and Jetty: requests are read from the wire, sent through the
 * pipeline of {@link io.pataka.service.http.S3Endpoint}, and answered. What stands around the pipeline is here as well: ids, the
 * access log, metrics, CORS headers, errors.
 */
package io.pataka.service.http;
