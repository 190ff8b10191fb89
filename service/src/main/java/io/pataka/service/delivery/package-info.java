/**
 * Sends events to the destinations of topics: HTTP, AMQP 0.9.1 and Kafka. A destination is named by a tenant, so every address is judged
 * by {@link io.pataka.service.delivery.AddressGuard} before a connection is made to it.
 */
package io.pataka.service.delivery;
