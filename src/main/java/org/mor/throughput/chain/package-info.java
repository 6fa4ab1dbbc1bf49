/**
 * What an Ethereum node says, as values, {@link org.mor.throughput.chain.ChainReader}, the port it
 * is asked through, and bytes, hex and hashes. Imports nothing but the JDK.
 */
@NullMarked
package org.mor.throughput.chain;

import org.jspecify.annotations.NullMarked;
