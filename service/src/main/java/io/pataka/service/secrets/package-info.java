/**
 * Files on this machine that have secrets in them. They are read strictly, may change while the server runs, and are never quoted in a
 * message.
 */
package io.pataka.service.secrets;
