/** Bucket policies, as documents. */
package io.pataka.service.operation.policy;
