/**
 * The published documents: one codec a document, and the publisher that writes them with conditions
 * and {@code summary.json} last. May import {@code rollup}, {@code store}, {@code session} and
 * {@code chain}.
 */
@NullMarked
package org.mor.throughput.publish;

import org.jspecify.annotations.NullMarked;
