/** Listings of objects, versions and uploads, page by page in the order of their keys. */
package io.pataka.service.operation.listing;
