package org.mor.throughput.wiring;

import org.mor.throughput.adapter.aws.SecretUnavailableException;
import org.mor.throughput.archive.RowArchive.PartitionFullException;
import org.mor.throughput.chain.ChainException.ChainContradictionException;
import org.mor.throughput.chain.ChainException.ChainUnavailableException;
import org.mor.throughput.chain.ChainException.WrongChainException;
import org.mor.throughput.config.ConfigException;
import org.mor.throughput.index.BadRequestException;
import org.mor.throughput.index.NotIndexedException;
import org.mor.throughput.store.CorruptObjectException;
import org.mor.throughput.store.StoreException;
import org.mor.throughput.store.StoreException.StoreRefusedException;

/** How a command ended, and what a person does about it. */
public enum ExitCode {
  DONE(0, ""),
  DIFFERENCE(1, ""),
  USAGE(2, "config.env.example describes every variable"),
  REQUEST(2, ""),
  WRONG_CHAIN(2, "make NETWORK and BASE_RPC_URL name the same chain"),
  SECRET(2, ""),
  CHAIN(3, "try again later, or put another endpoint first in BASE_RPC_URL"),
  STORE(4, "run the same command again: what is done is not repeated"),
  STORE_REFUSED(4, "check STORE, AWS_REGION and the rights of the credentials in use"),
  CORRUPT(5, "restore an older version of that object, then run the same command again"),
  FULL(5, ""),
  CONTRADICTION(5, "nothing was stored; compare with another endpoint first in BASE_RPC_URL"),
  /** A fault of the program itself, apart from all that was foreseen. */
  FAULT(70, "set LOG_LEVEL=debug, run it again and report the stack trace");

  private final int number;
  private final String next;

  ExitCode(int number, String next) {
    this.number = number;
    this.next = next;
  }

  /** The process's exit code. */
  public int number() {
    return number;
  }

  /** What to do next when the message does not say so itself; may be empty. */
  public String next() {
    return next;
  }

  /** The exit code that this type of failure stands for. */
  public static ExitCode of(Throwable thrown) {
    if (thrown instanceof ConfigException) {
      return USAGE;
    }
    if (thrown instanceof NotIndexedException || thrown instanceof BadRequestException) {
      return REQUEST;
    }
    if (thrown instanceof SecretUnavailableException) {
      return SECRET;
    }
    if (thrown instanceof WrongChainException) {
      return WRONG_CHAIN;
    }
    if (thrown instanceof ChainUnavailableException) {
      return CHAIN;
    }
    if (thrown instanceof ChainContradictionException) {
      return CONTRADICTION;
    }
    if (thrown instanceof StoreException) {
      return thrown instanceof StoreRefusedException ? STORE_REFUSED : STORE;
    }
    if (thrown instanceof PartitionFullException) {
      return FULL;
    }
    return thrown instanceof CorruptObjectException ? CORRUPT : FAULT;
  }
}
