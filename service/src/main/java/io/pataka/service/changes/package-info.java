/** What the configurations of buckets want to be recorded of changes of objects and of requests. */
package io.pataka.service.changes;
