/** Reads and writes the XML documents of S3, without reflection, entities or external references. */
package io.pataka.service.protocol.xml;
