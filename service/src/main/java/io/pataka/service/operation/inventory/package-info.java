/** The inventory configurations of buckets. A job writes the reports. */
package io.pataka.service.operation.inventory;
