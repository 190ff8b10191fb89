/** Bucket logging: its configuration, flushes, and what cannot be done because a journal cannot record it. */
package io.pataka.service.operation.logging;
