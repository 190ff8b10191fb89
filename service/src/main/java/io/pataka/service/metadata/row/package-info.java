/** Values as columns, and rows as values. */
package io.pataka.service.metadata.row;
