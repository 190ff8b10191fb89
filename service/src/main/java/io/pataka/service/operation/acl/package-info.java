/** Access control lists of buckets and objects, and the ownership rule that says whether they count. */
package io.pataka.service.operation.acl;
