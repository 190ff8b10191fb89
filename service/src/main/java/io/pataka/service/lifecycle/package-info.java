/**
 * The lifecycle rules of a bucket: their document, when an object is due, and what the rules do with a version. Pure functions and
 * values; jobs act, and operations announce.
 */
package io.pataka.service.lifecycle;
