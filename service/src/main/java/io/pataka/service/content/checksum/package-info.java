/** The checksums of S3: computed while bytes pass, and for CRCs combined from those of the parts. */
package io.pataka.service.content.checksum;
