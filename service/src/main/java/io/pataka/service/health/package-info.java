/** Whether the things that the service stands on are well, and its metrics of Keystone. */
package io.pataka.service.health;
