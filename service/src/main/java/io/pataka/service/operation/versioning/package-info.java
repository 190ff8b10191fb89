/** Whether a bucket keeps what is replaced and deleted. */
package io.pataka.service.operation.versioning;
