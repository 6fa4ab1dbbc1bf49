/**
 * A copy of the rows and the state of a store in another store, to work on without the first one.
 * Nothing of it is needed to index. May import {@code archive}, {@code session} and {@code store}.
 */
@NullMarked
package org.mor.throughput.pull;

import org.jspecify.annotations.NullMarked;
