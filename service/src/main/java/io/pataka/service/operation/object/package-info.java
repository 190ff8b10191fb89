/** The life of an object: put, appended to, renamed, read, deleted. */
package io.pataka.service.operation.object;
