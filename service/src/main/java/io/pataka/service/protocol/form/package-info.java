/** Uploads by HTML forms: fields, file, and the policy that limits them. */
package io.pataka.service.protocol.form;
