package org.mor.throughput.index;

import org.mor.throughput.session.Month;

/** Hears how a refresh goes on. */
@FunctionalInterface
public interface RefreshListener {
  /** So many of a month's chosen rows are done. */
  void refreshed(Month month, long done, long chosen);

  /** Hears nothing. */
  static RefreshListener none() {
    return (month, done, chosen) -> {};
  }
}
