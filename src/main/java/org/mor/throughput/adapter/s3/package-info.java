/**
 * The store as a bucket: {@link org.mor.throughput.store.ObjectStore} over Amazon S3 or a server
 * that speaks its protocol and checks {@code If-Match} and {@code If-None-Match} on a put. Imports
 * store, base, the AWS SDK and the JDK.
 */
@NullMarked
package org.mor.throughput.adapter.s3;

import org.jspecify.annotations.NullMarked;
