/** The configuration of a bucket's website: the operations on it, and its present value for the server of websites. */
package io.pataka.service.operation.website;
