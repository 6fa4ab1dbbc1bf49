package org.mor.throughput.chain;

/** A read-only call: the contract and the encoded call data. */
public record ContractCall(Address to, Bytes data) {}
