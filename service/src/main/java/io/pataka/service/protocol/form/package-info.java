/** Uploads by HTML forms: their fields, their file, and the policy that says what a form may hold. */
package io.pataka.service.protocol.form;
