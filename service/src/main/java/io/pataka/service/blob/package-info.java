/**
 * Write-once files on volumes. A blob is durable before anybody hears of it, and no byte is read back without a checksum that was
 * held against it. Nothing here knows S3 or the database.
 */
package io.pataka.service.blob;
