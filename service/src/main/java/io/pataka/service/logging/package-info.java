/** Bucket logging: its configuration, and the lines and keys of log objects. No input or output. */
package io.pataka.service.logging;
