/**
 * Configurations that no bucket can have yet. To ask for one is answered with the truth, which is "none"; to set one is refused
 * with 501. Whoever builds one of them takes its lines out of here.
 */
package io.pataka.service.operation.absent;
