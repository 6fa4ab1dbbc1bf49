/**
 * The completeness proof, as far as it is arithmetic: the walk over the nonces that session ids are
 * made of, the states it can end in, and what is kept of it. May import {@code session}, {@code
 * contract} and {@code chain}.
 */
@NullMarked
package org.mor.throughput.proof;

import org.jspecify.annotations.NullMarked;
