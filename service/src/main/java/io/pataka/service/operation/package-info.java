/**
 * What the operations do: a package for each feature, a class for each operation with Amazon's name. Features do not use each
 * other; the steps that they share are in this package.
 */
package io.pataka.service.operation;
