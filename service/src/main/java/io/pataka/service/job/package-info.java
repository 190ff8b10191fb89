/** Work in the background, in short slices that may be repeated, each job on one node of many at a time. */
package io.pataka.service.job;
