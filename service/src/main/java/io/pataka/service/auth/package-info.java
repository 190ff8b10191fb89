/**
 * Whose request it is. The signature is proved by whoever knows the secret, and the body gets the checks that its sender asked
 * for, which it makes while it is read.
 */
package io.pataka.service.auth;
