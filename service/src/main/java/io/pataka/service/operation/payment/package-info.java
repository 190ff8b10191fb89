/** Who pays for requests: the owner of a bucket, or the requester. */
package io.pataka.service.operation.payment;
