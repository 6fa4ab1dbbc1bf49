/**
 * The stored rows as one flat table for a spreadsheet or a notebook: its columns, and CSV, NDJSON
 * and Parquet. Nothing of it is needed to index. May import {@code archive}, {@code session},
 * {@code contract} and {@code chain}.
 */
@NullMarked
package org.mor.throughput.export;

import org.jspecify.annotations.NullMarked;
