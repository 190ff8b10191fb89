/**
 * The language of S3: values and tables that read and write it, without input or output of their own. The table of operations is
 * {@link io.pataka.service.protocol.S3Operation}.
 */
package io.pataka.service.protocol;
