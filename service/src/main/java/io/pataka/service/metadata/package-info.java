/**
 * Buckets, versions, uploads, and which blobs are needed, in MariaDB through JDBI. All SQL of the service is here, and nothing here
 * depends on HTTP or S3.
 */
package io.pataka.service.metadata;
