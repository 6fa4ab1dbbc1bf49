/**
 * The archive of rows and the state of the indexer, as objects in a store: month partitions, their
 * gzip and JSON form, the merge, and the conditional commit of partitions, coverage, cursor and
 * model catalog. May import {@code session}, {@code contract}, {@code chain} and {@code store}.
 */
@NullMarked
package org.mor.throughput.archive;

import org.jspecify.annotations.NullMarked;
