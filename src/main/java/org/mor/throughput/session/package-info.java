/**
 * The two kinds of stored rows, {@code SessionOpen} and {@code SessionClose}, and the rules about
 * one row: the time that is paid for, the token class, what counts as a quality sample. May import
 * {@code contract}, {@code chain} and {@code base}.
 */
@NullMarked
package org.mor.throughput.session;

import org.jspecify.annotations.NullMarked;
