/**
 * A month in Markdown with charts beside it, for people who write to a community: from published
 * documents alone, without any figure that means nothing yet. May import {@code publish}, {@code
 * rollup}, {@code store}, {@code session} and {@code chain}.
 */
@NullMarked
package org.mor.throughput.report;

import org.jspecify.annotations.NullMarked;
