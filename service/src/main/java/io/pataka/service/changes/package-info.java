/** What the configurations of buckets want to be recorded of changes of objects. */
package io.pataka.service.changes;
