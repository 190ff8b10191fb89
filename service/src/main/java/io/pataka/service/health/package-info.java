/** Health checks of database, storage and Keystone, and their metrics. */
package io.pataka.service.health;
