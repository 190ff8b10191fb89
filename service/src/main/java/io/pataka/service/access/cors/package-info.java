/** Which pages of other origins may use a bucket, and what browsers are told of it. */
package io.pataka.service.access.cors;
