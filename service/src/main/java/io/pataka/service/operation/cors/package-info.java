/** A bucket's CORS rules, and the preflights of browsers. */
package io.pataka.service.operation.cors;
