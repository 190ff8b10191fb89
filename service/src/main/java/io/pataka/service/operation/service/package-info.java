/** What is asked of the service as a whole: the caller's buckets and their usage. */
package io.pataka.service.operation.service;
