package org.mor.throughput.index;

import org.mor.throughput.chain.BlockHeader;
import org.mor.throughput.chain.ChainReader.HeadTag;
import org.mor.throughput.chain.ChainReader;

/**
 * How far the chain is, and how far it may be indexed.
 *
 * @param latest the newest block
 * @param safe the newest block number that may be indexed; -1 while there is none
 */
public record Heads(BlockHeader latest, long safe) {
  /**
   * Reads the heads.
   *
   * @throws org.mor.throughput.chain.ChainException.WrongChainException when the diamond's address
   *     has no code
   */
  public static Heads read(ChainReader chain, IndexSettings settings) {
    BlockHeader latest = chain.head(HeadTag.LATEST);
    chain.requireContract(settings.diamond().totalClaimed());
    return new Heads(
        latest,
        settings
            .confirmation()
            .tag()
            .map(tag -> chain.head(tag).number())
            .orElseGet(() -> Math.max(-1, latest.number() - settings.safetyLagBlocks())));
  }
}
