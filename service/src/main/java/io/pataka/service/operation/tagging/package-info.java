/** Tags of buckets and objects. */
package io.pataka.service.operation.tagging;
