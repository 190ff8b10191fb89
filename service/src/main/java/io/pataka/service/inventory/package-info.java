/**
 * Inventories of buckets: their configurations, and the texts that reports are made of. No input or output.
 */
package io.pataka.service.inventory;
