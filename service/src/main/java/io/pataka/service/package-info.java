/**
 * The program: its commands, its settings, and {@code Assembly}, which makes the object graph. Everything else is in the rooms
 * below; which of them may use which is told in ARCHITECTURE.md and held by {@code ArchitectureTest}.
 */
package io.pataka.service;
