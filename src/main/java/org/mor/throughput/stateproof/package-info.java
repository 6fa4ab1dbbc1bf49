/**
 * Proves blocks, accounts and storage slots against a block hash, and reads the contract's sessions
 * and bids from proven slots. Pure: bytes in, values out. May import the contract and the chain's
 * values.
 */
@NullMarked
package org.mor.throughput.stateproof;

import org.jspecify.annotations.NullMarked;
