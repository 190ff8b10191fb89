/** Notifications of buckets: topics, their attributes and where they are sent. No input or output. */
package io.pataka.service.notification;
