package org.mor.throughput.adapter.rpc;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.mor.throughput.adapter.rpc.Member.LogTrust;
import org.mor.throughput.adapter.rpc.Member.Need;
import org.mor.throughput.adapter.rpc.RpcStats.Opinions;
import org.mor.throughput.chain.BlockHeader;
import org.mor.throughput.chain.BlockRange;
import org.mor.throughput.chain.ChainReader.LogQuery;
import org.mor.throughput.chain.ChainReader.LogSlice;
import org.mor.throughput.chain.LogPosition;
import org.mor.throughput.chain.RawLog;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks another endpoint when one says that there are no logs, where that is most often wrong: over
 * many blocks and near the head. What any of them has counts; an endpoint that left logs out is
 * asked last for logs until it has proven itself. Reading state is not affected by that, so logs
 * that an endpoint invents still have to be found in the state that the preferred one gives.
 */
final class SecondOpinion {
  /** An empty answer for fewer blocks, away from the head, is taken as it is. */
  static final long MANY_BLOCKS = 1_000;

  /** A range that ends within so many blocks of the newest one known is near the head. */
  static final long NEAR_HEAD = 200;

  /** Log queries for one opinion, which bounds what an endpoint with a low cap is asked. */
  private static final int MAX_QUERIES = 6;

  /** A doubted endpoint is given a chance to prove itself no more often than this. */
  private static final Duration BETWEEN_TRIALS = Duration.ofMinutes(1);

  private static final Logger LOG = LoggerFactory.getLogger(SecondOpinion.class);

  private final Failover failover;
  private final RpcStats stats;

  SecondOpinion(Failover failover, RpcStats stats) {
    this.failover = failover;
    this.stats = stats;
  }

  /**
   * The slice as it was given, or with what another endpoint has besides; it may then be a leading
   * part of it. Never fails because another endpoint does not answer.
   *
   * @param head the newest block known
   */
  LogSlice about(LogQuery query, Member asked, LogSlice slice, OptionalLong head) {
    if (failover.members().size() == 1) {
      return slice;
    }
    Need need = Need.logsFrom(slice.range().first());
    List<Member> others = failover.others(asked, need);
    long before = stats.requestsByThread();
    LogQuery same = query.over(slice.range());
    LogSlice result = slice;
    if (!slice.logs().isEmpty()) {
      result = trial(others, same, slice);
    } else if (isDoubtful(slice.range(), head)) {
      result = confirm(others, same, asked, slice);
    }
    stats.opinion(new Opinions(0, 0, 0, stats.requestsByThread() - before));
    return result;
  }

  private static boolean isDoubtful(BlockRange range, OptionalLong head) {
    return range.size() > MANY_BLOCKS
        || (head.isPresent() && range.last() >= head.getAsLong() - NEAR_HEAD);
  }

  private LogSlice confirm(List<Member> others, LogQuery query, Member asked, LogSlice empty) {
    for (Member other : others) {
      Optional<LogSlice> second = read(other, query);
      if (second.isEmpty()) {
        continue;
      }
      if (!isOnOneChain(second.get(), asked, empty)) {
        LOG.warn(
            "{} and {} have different blocks {}: no second opinion on the blocks before it",
            asked.name(),
            other.name(),
            second.get().end().number());
        continue;
      }
      if (!second.get().logs().isEmpty()) {
        disagree(asked, other, second.get());
        return second.get();
      }
      // That one which is known to leave logs out has none either says nothing.
      if (!other.logs().isDoubted()) {
        stats.opinion(Opinions.CONFIRMED);
        return empty;
      }
    }
    stats.opinion(Opinions.UNCONFIRMED);
    return empty;
  }

  /** Whether both have the block that the second answer ends in. */
  private boolean isOnOneChain(LogSlice second, Member asked, LogSlice first) {
    if (second.end().number() == first.end().number()) {
      return second.end().equals(first.end());
    }
    long number = second.end().number();
    return failover
        .askOnce(asked, Need.headerOf(number), reader -> reader.header(number))
        .equals(Optional.of(Optional.of(second.end())));
  }

  private void disagree(Member asked, Member other, LogSlice found) {
    stats.opinion(Opinions.DISAGREED);
    boolean wasDoubted = asked.logs().isDoubted();
    asked.logs().omitted();
    if (wasDoubted) {
      return; // it was asked before that was known
    }
    LOG.warn(
        "{} gives no logs for blocks {}, but {} gives {} of them: these are taken, and {} is asked"
            + " last for logs from now on",
        asked.name(),
        found.range(),
        other.name(),
        found.logs().size(),
        asked.name());
  }

  /** A doubted endpoint is asked for what another one found. */
  private LogSlice trial(List<Member> others, LogQuery query, LogSlice found) {
    Instant now = failover.now();
    for (Member other : others) {
      LogTrust trust = other.logs();
      if (!trust.isDoubted() || !trust.mayBeAsked(now)) {
        continue;
      }
      Optional<LogSlice> answer = read(other, query);
      trust.restFor(BETWEEN_TRIALS, now);
      if (answer.isPresent() && answer.get().end().equals(found.end())) {
        LogSlice union = union(found, answer.get());
        if (union.logs().equals(answer.get().logs())) {
          trust.proved();
        } else {
          trust.omitted();
        }
        return union;
      }
    }
    return found;
  }

  private static LogSlice union(LogSlice one, LogSlice other) {
    TreeMap<LogPosition, RawLog> logs = new TreeMap<>();
    other.logs().forEach(log -> logs.put(log.position(), log));
    one.logs().forEach(log -> logs.put(log.position(), log));
    return one.with(List.copyOf(logs.values()));
  }

  /**
   * What an endpoint has in the range: nothing when it does not answer for all of it, but what it
   * found in a leading part of it counts.
   */
  private Optional<LogSlice> read(Member other, LogQuery query) {
    LogTrust trust = other.logs();
    boolean tooWide = query.range().size() / MAX_QUERIES > other.reader().mostBlocks();
    if (tooWide || !trust.mayBeAsked(failover.now())) {
      return Optional.empty();
    }
    List<RawLog> logs = new ArrayList<>();
    Optional<BlockRange> rest = Optional.of(query.range());
    Optional<LogSlice> read = Optional.empty();
    for (int i = 0; i < MAX_QUERIES && rest.isPresent(); i++) {
      LogQuery asked = query.over(rest.get());
      Optional<BlockHeader> top = read.map(LogSlice::top);
      LogQuery next = top.map(header -> asked.anchoredAt(header.number())).orElse(asked);
      Need need = Need.logsFrom(next.range().first());
      Optional<LogSlice> piece = failover.askOnce(other, need, reader -> reader.logs(next));
      if (piece.isEmpty()
          || (top.isPresent() && !piece.get().seen(top.get().number()).equals(top))) {
        break;
      }
      logs.addAll(piece.get().logs());
      long last = piece.get().range().last();
      rest = query.range().after(last);
      BlockRange done = new BlockRange(query.range().first(), last);
      List<BlockHeader> anchors = read.orElse(piece.get()).anchors();
      read = Optional.of(new LogSlice(done, piece.get().end(), logs, anchors, piece.get().host()));
    }
    if (rest.isEmpty()) {
      trust.answered();
      return read;
    }
    trust.didNotAnswer(failover.now());
    return read.filter(part -> !part.logs().isEmpty());
  }
}
