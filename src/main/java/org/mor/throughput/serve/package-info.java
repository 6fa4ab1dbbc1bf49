/**
 * A local, read-only HTTP server over the store: the published documents and an index of them. May
 * import {@code store}; sockets live here.
 */
@NullMarked
package org.mor.throughput.serve;

import org.jspecify.annotations.NullMarked;
