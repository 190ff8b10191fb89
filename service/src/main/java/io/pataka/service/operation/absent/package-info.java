/**
 * Configurations that no bucket can have yet. A GET answers that there is none, and a PUT is refused with 501. When a configuration is
 * implemented, its lines are removed from here.
 */
package io.pataka.service.operation.absent;
