/**
 * Finds user, project and roles of an EC2 access key in Keystone. For any Java service: it does not depend on S3 operations,
 * Dropwizard or servlets. Begin with {@link io.pataka.keystone.KeystoneConnection}.
 */
package io.pataka.keystone;
