package org.mor.throughput.index;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.mor.throughput.chain.Address;
import org.mor.throughput.chain.BlockRange;
import org.mor.throughput.contract.CloseoutReceipt.ReceiptFormat;
import org.mor.throughput.contract.SessionEvent.Kind;
import org.mor.throughput.contract.SessionEvent;
import org.mor.throughput.session.MetricRules;
import org.mor.throughput.session.SessionClose;

/**
 * Reads the latest closes from the chain, newest first, taking turns between providers. Writes
 * nothing.
 */
public final class SpotCheck {
  /** How far back is looked at most: about 46 days of Base. */
  public static final long MOST_BLOCKS = 2_000_000;

  private static final long STEP = 10_000;

  private final ContractReader contract;

  public SpotCheck(ContractReader contract) {
    this.contract = contract;
  }

  /** What makes a close worth a second look. */
  public enum Flag {
    SHORT("under 300 s: the contract enforces five minutes, unless it was closed early"),
    FAST("over 500 tokens a second: the clamp keeps it out of the clamped mean"),
    SLOW("under 0.5 tokens a second for more than 300 s: idle, or under-reported"),
    NO_RECEIPT("closed without a receipt"),
    UNRECOGNIZED("the receipt is neither of the two known forms: its tokens are not counted"),
    IMPLAUSIBLE("more than 2000 output tokens for each paid second: counted and flagged");

    private static final long MIN_SECONDS = 300;
    private static final long FAST_SCALED = 500_000;
    private static final long SLOW_SCALED = 500;

    private final String meaning;

    Flag(String meaning) {
      this.meaning = meaning;
    }

    public String meaning() {
      return meaning;
    }

    /** The flags of a close, in the order of this list. */
    public static Set<Flag> of(SessionClose close, MetricRules rules) {
      Set<Flag> flags = EnumSet.noneOf(Flag.class);
      long seconds = close.durationSeconds();
      if (seconds < MIN_SECONDS) {
        flags.add(SHORT);
      }
      close
          .receipt()
          .tpsScaled1000()
          .ifPresent(
              tps -> {
                if (tps > FAST_SCALED) {
                  flags.add(FAST);
                }
                if (tps < SLOW_SCALED && seconds > MIN_SECONDS) {
                  flags.add(SLOW);
                }
              });
      if (close.receipt().format() == ReceiptFormat.NONE) {
        flags.add(NO_RECEIPT);
      }
      if (close.receipt().format() == ReceiptFormat.UNRECOGNIZED) {
        flags.add(UNRECOGNIZED);
      }
      if (rules.isFlagged(close.facts())) {
        flags.add(IMPLAUSIBLE);
      }
      return flags;
    }
  }

  /** The result of a spot check: the closes, newest first, and the blocks that were looked at. */
  public record Result(Heads heads, BlockRange searched, List<SessionClose> closes) {
    public Result {
      closes = List.copyOf(closes);
    }
  }

  /** Reads {@code recent} closes, or as many as the last {@link #MOST_BLOCKS} blocks hold. */
  public Result run(int recent, ScanListener listener) {
    Heads heads = contract.heads();
    long floor =
        Math.max(contract.settings().startBlock().orElse(0), heads.safe() - MOST_BLOCKS + 1);
    listener.planned(Math.max(0, heads.safe() - floor + 1));
    List<SessionEvent> found = new ArrayList<>();
    long from = heads.safe() + 1;
    while (from > floor && !enough(found, recent)) {
      BlockRange step = new BlockRange(Math.max(floor, from - STEP), from - 1);
      found.addAll(closesIn(step, listener));
      from = step.first();
    }
    List<SessionEvent> chosen = inTurns(found, recent);
    List<SessionClose> closes =
        new ArrayList<>(contract.enricher().enrich(chosen, heads.safe(), 0).closes());
    closes.sort(Comparator.comparing(SessionClose::position).reversed());
    return new Result(
        heads,
        new BlockRange(Math.max(0, Math.min(from, heads.safe())), Math.max(0, heads.safe())),
        closes);
  }

  /**
   * Enough to choose from: three times what is asked, so that the busiest provider is not all of
   * it.
   */
  private static boolean enough(List<SessionEvent> found, int recent) {
    return found.size() >= 3L * recent;
  }

  private List<SessionEvent> closesIn(BlockRange range, ScanListener listener) {
    List<SessionEvent> closes = new ArrayList<>();
    Optional<BlockRange> rest = Optional.of(range);
    while (rest.isPresent()) {
      EventReader.Slice slice = contract.events().first(rest.get());
      slice.events().stream().filter(event -> event.kind() == Kind.CLOSED).forEach(closes::add);
      listener.scanned(slice.range(), slice.events().size());
      rest = rest.get().after(slice.range().last());
    }
    return closes;
  }

  /** The newest of each provider, then the second newest of each, and so on. */
  private static List<SessionEvent> inTurns(List<SessionEvent> found, int most) {
    Map<Address, Deque<SessionEvent>> byProvider = new LinkedHashMap<>();
    found.stream()
        .sorted(Comparator.comparing(SessionEvent::position).reversed())
        .forEach(
            event ->
                byProvider
                    .computeIfAbsent(event.provider(), provider -> new ArrayDeque<>())
                    .add(event));
    List<SessionEvent> chosen = new ArrayList<>();
    while (chosen.size() < most && !byProvider.isEmpty()) {
      for (Deque<SessionEvent> queue : List.copyOf(byProvider.values())) {
        if (chosen.size() < most) {
          chosen.add(queue.remove());
        }
      }
      byProvider.values().removeIf(Deque::isEmpty);
    }
    return chosen;
  }
}
