/** Authentication. A resolver with the secret verifies the signature, and the body verifies itself while it is read. */
package io.pataka.service.auth;
