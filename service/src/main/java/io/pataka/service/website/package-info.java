/** Websites of buckets: their configuration, and which page a request gets. No input or output. */
package io.pataka.service.website;
