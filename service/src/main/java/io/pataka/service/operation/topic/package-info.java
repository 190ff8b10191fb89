/** Topics of notifications, by the part of Amazon's SNS that Ceph Gateway has. */
package io.pataka.service.operation.topic;
