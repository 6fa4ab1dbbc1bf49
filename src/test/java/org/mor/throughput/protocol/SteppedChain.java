package org.mor.throughput.protocol;

import java.util.function.Function;
import org.mor.throughput.chain.BlockHeader;
import org.mor.throughput.chain.ChainException.ChainUnavailableException;
import org.mor.throughput.chain.ChainReader.HeadTag;
import org.mor.throughput.chain.ChainReader.LogQuery;
import org.mor.throughput.chain.ChainReader.LogSlice;
import org.mor.throughput.testing.FakeChain;

/** A chain whose first answer of the head, and each answer of logs, is a step. */
final class SteppedChain extends FakeChain {
  private final Function<String, Fault> step;
  private long head;
  private long finalized = -1;
  private boolean silent;
  private boolean headSaid;

  SteppedChain(Function<String, Fault> step) {
    super(0);
    this.step = step;
  }

  void newRun() {
    headSaid = false;
  }

  void atOnce(Runnable run) {
    silent = true;
    run.run();
    silent = false;
  }

  @Override
  public FakeChain head(long block) {
    head = block;
    return super.head(block);
  }

  /** The block that no reorganisation changes. */
  void finalizedAt(long block) {
    finalized = block;
  }

  @Override
  public BlockHeader head(HeadTag tag) {
    if (tag == HeadTag.FINALIZED) {
      return header(finalized).orElseThrow();
    }
    boolean lags = !headSaid && next("HEAD") == Fault.LAGGING;
    headSaid |= !silent;
    if (!lags) {
      return super.head(tag);
    }
    long truth = head;
    super.head(truth - 1);
    BlockHeader behind = super.head(tag);
    super.head(truth);
    return behind;
  }

  /** A node that lacks the range's last block is not believed: see the reader's own tests. */
  @Override
  public LogSlice logs(LogQuery query) {
    if (next("LOGS") == Fault.LAGGING) {
      throw new ChainUnavailableException("the node lags behind");
    }
    return super.logs(query);
  }

  private Fault next(String what) {
    Fault fault = silent ? Fault.NONE : step.apply(what);
    if (fault == Fault.CRASH_BEFORE) {
      throw new SteppedRuns.Killed();
    }
    return fault;
  }
}
