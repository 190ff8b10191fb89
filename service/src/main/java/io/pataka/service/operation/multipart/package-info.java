/** Multipart uploads. */
package io.pataka.service.operation.multipart;
