package org.mor.throughput.archive;

import org.mor.throughput.chain.Address;

/** Whose rows a store holds: the network's name and the diamond's address on it. */
public record NetworkId(String name, Address diamond) {
  @Override
  public String toString() {
    return name + " " + diamond;
  }
}
