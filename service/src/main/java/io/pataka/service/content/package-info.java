/**
 * Bytes in and out: digests and checksums are computed in one pass while content goes to its blob, and an object in parts is read
 * as one.
 */
package io.pataka.service.content;
