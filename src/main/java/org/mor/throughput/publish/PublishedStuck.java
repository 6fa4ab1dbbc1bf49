package org.mor.throughput.publish;

/**
 * What a stored {@code stuck-sessions.json} says.
 *
 * @param asOfBlock the block it speaks of
 */
public record PublishedStuck(long asOfBlock, long stuckExpired, long closedWithoutEvent) {}
