/** Bucket policies in AWS's language: read once, then asked about each request. */
package io.pataka.service.access.policy;
