/**
 * The S3 protocol: values and tables that read and write it, without input or output. The table of operations is
 * {@link io.pataka.service.protocol.S3Operation}.
 */
package io.pataka.service.protocol;
