/**
 * A local, read-only HTTP server over the store: the page, the published documents, an index of
 * them and the analytics API, which answers from published cells alone. May import {@code publish},
 * {@code rollup} and {@code store}; sockets live here.
 */
@NullMarked
package org.mor.throughput.serve;

import org.jspecify.annotations.NullMarked;
