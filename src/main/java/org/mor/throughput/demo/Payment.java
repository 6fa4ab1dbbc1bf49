package org.mor.throughput.demo;

import java.math.BigInteger;

/** What a provider was paid for one session in one block, in wei. */
public record Payment(long block, BigInteger amount) {}
