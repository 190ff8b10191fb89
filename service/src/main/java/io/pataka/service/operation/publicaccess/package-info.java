/** What keeps a bucket, or all buckets of a project, from the public. */
package io.pataka.service.operation.publicaccess;
