/** The page in a real browser, over documents that the program made of generated rows. */
@NullMarked
package org.mor.throughput.page;

import org.jspecify.annotations.NullMarked;
