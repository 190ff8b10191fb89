/**
 * Signatures of versions 4 and 2 as pure functions: canonical requests, strings-to-sign, chunk signatures, signed policies. No
 * secret is looked up and no clock is read here.
 */
package io.pataka.service.signature;
