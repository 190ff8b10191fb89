/** Which pages of other origins may use a bucket, and the response headers by which browsers learn it. */
package io.pataka.service.access.cors;
