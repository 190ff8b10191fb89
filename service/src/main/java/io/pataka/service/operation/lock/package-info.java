/** Object lock: its configuration, and the retention and the legal hold of versions. */
package io.pataka.service.operation.lock;
