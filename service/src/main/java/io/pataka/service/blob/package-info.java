/**
 * Stores of write-once blobs. A blob is durable before its id is returned, and every byte that is read was verified against a checksum.
 * {@link io.pataka.service.blob.BlobStore} and {@link io.pataka.service.blob.BlobInventory} are the interfaces; blobs as files on volumes
 * are their implementation. Nothing here knows S3 or the database.
 */
package io.pataka.service.blob;
