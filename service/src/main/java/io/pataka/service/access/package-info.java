/**
 * What a caller may do: roles, ownership, ACLs, public access blocks, and in which order they decide. {@link
 * io.pataka.service.access.AccessGate} is the only way to an {@link io.pataka.service.access.AdmittedCall}.
 */
package io.pataka.service.access;
