/** How buckets encrypt new objects. */
package io.pataka.service.operation.encryption;
