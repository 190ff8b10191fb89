/**
 * Keys of encrypted objects: data keys are wrapped with the keys of the service, of a key manager or of the client. Specified in
 * {@code docs/decisions/0026-encryption.md}.
 */
package io.pataka.service.encryption;
