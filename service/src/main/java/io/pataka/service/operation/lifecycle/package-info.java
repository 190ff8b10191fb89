/** The lifecycle rules of a bucket. */
package io.pataka.service.operation.lifecycle;
