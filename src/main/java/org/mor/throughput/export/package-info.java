/**
 * The stored rows as one flat table for a spreadsheet or a notebook (its columns, and CSV, NDJSON
 * and Parquet), or as a lake of Parquet by month for engines. Nothing of it is needed to index. May
 * import {@code archive}, {@code store}, {@code session}, {@code contract} and {@code chain}.
 */
@NullMarked
package org.mor.throughput.export;

import org.jspecify.annotations.NullMarked;
