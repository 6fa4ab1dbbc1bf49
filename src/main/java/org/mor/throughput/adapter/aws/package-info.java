/**
 * AWS services behind small ports: secrets, and the CDN's invalidation. Imports the SDK and its
 * ports only; region, endpoint and credentials are given, never looked up.
 */
@NullMarked
package org.mor.throughput.adapter.aws;

import org.jspecify.annotations.NullMarked;
