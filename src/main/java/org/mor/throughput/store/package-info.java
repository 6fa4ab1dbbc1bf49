/**
 * {@link org.mor.throughput.store.ObjectStore}, the port to where rows and documents are kept, its
 * in-memory form, and its exceptions. Imports nothing but the JDK.
 */
@NullMarked
package org.mor.throughput.store;

import org.jspecify.annotations.NullMarked;
