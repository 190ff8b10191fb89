/**
 * What requests leave behind beside their changes: lines of access logs, and the books of how many requests there were. Both are kept in
 * memory and written in batches, so that no request waits for them or fails because of them.
 */
package io.pataka.service.traffic;
