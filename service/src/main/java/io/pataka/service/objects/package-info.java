/**
 * Writes of objects below authorisation: for operations and for jobs alike, with the same durability and the same conditions.
 * Nothing here knows requests, HTTP or S3 errors.
 */
package io.pataka.service.objects;
