/** The life of a bucket. */
package io.pataka.service.operation.bucket;
