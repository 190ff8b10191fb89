/**
 * What is where: buckets, versions, uploads, and blobs that nobody needs any more, in MariaDB through JDBI. The only SQL of the
 * service, and no word of HTTP or S3.
 */
package io.pataka.service.metadata;
