/**
 * Stores and reads the bytes of objects. Digests are computed in one pass while a body is written to its blob. The parts of an object are
 * read as one content. Here bytes are encoded and decoded, if the form of the object wants that.
 */
package io.pataka.service.content;
