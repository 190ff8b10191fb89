/**
 * What the service knows: buckets, keys, versions, callers. Records that check themselves, and use nothing else of the service.
 */
package io.pataka.service.model;
