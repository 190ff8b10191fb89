/** The documents of S3, read and written without reflection, and never with entities or references to elsewhere. */
package io.pataka.service.protocol.xml;
