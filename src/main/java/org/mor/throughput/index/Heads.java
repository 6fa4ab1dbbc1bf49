package org.mor.throughput.index;

import org.mor.throughput.chain.BlockHeader;
import org.mor.throughput.chain.ChainReader;
import org.mor.throughput.chain.HeadTag;

/**
 * How far the chain is, and how far it may be indexed.
 *
 * @param latest the newest block
 * @param safe the newest block number that may be indexed; -1 while there is none
 */
public record Heads(BlockHeader latest, long safe) {
  public static Heads read(ChainReader chain, IndexSettings settings) {
    BlockHeader latest = chain.head(HeadTag.LATEST);
    return new Heads(
        latest,
        switch (settings.confirmation()) {
          case BLOCKS -> Math.max(-1, latest.number() - settings.safetyLagBlocks());
          case SAFE -> chain.head(HeadTag.SAFE).number();
          case FINALIZED -> chain.head(HeadTag.FINALIZED).number();
        });
  }
}
