/**
 * The store as a directory: {@link org.mor.throughput.store.ObjectStore} over the local file
 * system, safe between threads, between processes, and against a process killed at any point.
 * Imports store and the JDK.
 */
@NullMarked
package org.mor.throughput.adapter.file;

import org.jspecify.annotations.NullMarked;
