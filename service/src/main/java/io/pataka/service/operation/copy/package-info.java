/** Copies of objects, which share the bytes where they can. */
package io.pataka.service.operation.copy;
