/** The notifications of a bucket. */
package io.pataka.service.operation.notification;
