/**
 * The archive of rows and the state of the indexer, as objects in a store. Rows: {@link
 * org.mor.throughput.archive.RowArchive} merges them into month partitions, gzipped lines of JSON.
 * State: cursor, coverage, proof, suspects and models are each a StateObject. Both are written by
 * the one commit loop, on condition that nothing changed in between. May import {@code proof},
 * {@code session}, {@code contract}, {@code chain} and {@code store}.
 */
@NullMarked
package org.mor.throughput.archive;

import org.jspecify.annotations.NullMarked;
