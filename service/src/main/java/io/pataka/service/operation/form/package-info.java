/** Uploads by HTML forms. */
package io.pataka.service.operation.form;
