/**
 * The one place that makes Jackson mappers, so that bounds and strictness are decided once. Any
 * package that may use Jackson may import it; it imports nothing of the project.
 */
@NullMarked
package org.mor.throughput.json;

import org.jspecify.annotations.NullMarked;
