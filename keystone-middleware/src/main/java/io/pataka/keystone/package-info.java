/**
 * Who stands behind an EC2 access key of Keystone: the user, the project and the roles. For any Java service: nothing here knows
 * of S3 operations, Dropwizard or servlets. {@link io.pataka.keystone.KeystoneConnection} is where to begin.
 */
package io.pataka.keystone;
