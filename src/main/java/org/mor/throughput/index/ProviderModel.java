package org.mor.throughput.index;

import org.mor.throughput.chain.Address;
import org.mor.throughput.chain.Hash32;

/** A provider and a model it served: what the contract keeps its statistics by. */
record ProviderModel(Hash32 model, Address provider) {}
