/**
 * The application: commands, settings, and {@code Assembly}, which makes all objects. ARCHITECTURE.md lists the dependencies of the
 * packages below, and {@code ArchitectureTest} checks them.
 */
package io.pataka.service;
