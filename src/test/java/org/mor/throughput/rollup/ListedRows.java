package org.mor.throughput.rollup;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.mor.throughput.chain.Address;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.chain.Wei;
import org.mor.throughput.contract.CloseoutReceipt.ReceiptFormat;
import org.mor.throughput.session.CloseFacts;
import org.mor.throughput.session.Month;
import org.mor.throughput.session.OpenRow.OpenFacts;

/** Rows held in lists. */
public record ListedRows(List<OpenFacts> opens, List<CloseFacts> closes) implements RowSource {
  private static final long U32 = (1L << 32) - 1;

  public static ListedRows ofCloses(CloseFacts... closes) {
    return new ListedRows(List.of(), List.of(closes));
  }

  /** Sessions of every kind from {@code from} to {@code to}, hostile and legacy ones included. */
  public static ListedRows random(long seed, int sessions, long from, long to) {
    Random random = new Random(seed);
    List<OpenFacts> opens = new ArrayList<>();
    List<CloseFacts> closes = new ArrayList<>();
    for (int i = 1; i <= sessions; i++) {
      long openedAt = from + (long) (random.nextDouble() * (to - from));
      long length = random.nextInt(100) == 0 ? random.nextInt(40 * 86400) : random.nextInt(90000);
      int provider = 1 + random.nextInt(6);
      Wei stake = wei(random);
      @Nullable Address address = random.nextInt(50) == 0 ? null : CloseBuilder.provider(provider);
      @Nullable Hash32 model = random.nextInt(50) == 0 ? null : CloseBuilder.model(1 + i % 5);
      Hash32 session = CloseBuilder.id(0x5e, i);
      if (random.nextInt(40) != 0) {
        opens.add(
            new OpenFacts(session, openedAt, openedAt + 3600, address, model, stake, 1000L + i));
      }
      if (random.nextInt(20) != 0) {
        CloseBuilder close =
            CloseBuilder.closeAt(openedAt + length)
                .session(i)
                .duration(random.nextInt(30) == 0 ? 0 : random.nextInt(90000))
                .disputed(random.nextInt(7) == 0)
                .early(random.nextInt(4) == 0)
                .by(random.nextInt(30), random.nextInt(20) == 0 ? 0 : provider, random.nextInt(6))
                .wei(stake, wei(random), wei(random));
        closes.add(receipt(close, random).build());
      }
    }
    return new ListedRows(opens, closes);
  }

  private static Wei wei(Random random) {
    return Wei.of(new BigInteger(random.nextInt(50) == 0 ? 256 : 70, random));
  }

  private static CloseBuilder receipt(CloseBuilder close, Random random) {
    long tps = random.nextInt(5) == 0 ? 0 : random.nextInt(900_000);
    long ttft = random.nextInt(5) == 0 ? 0 : random.nextInt(60_000);
    return switch (random.nextInt(8)) {
      case 0 -> close;
      case 1 -> close.carried(random.nextInt(9000), random.nextInt(9000));
      case 2, 3 -> close.shorter(ReceiptFormat.FIVE_FIELD, tps, ttft);
      case 4 -> close.shorter(ReceiptFormat.UNRECOGNIZED, tps, ttft);
      case 5 -> close.seven(tps, ttft, 0, 0);
      case 6 -> random.nextInt(5) == 0 ? close.seven(U32, U32, U32, U32) : close;
      default -> close.seven(tps, ttft, random.nextInt(50_000), random.nextInt(50_000));
    };
  }

  @Override
  public SortedSet<Month> months() {
    SortedSet<Month> months = new TreeSet<>();
    opens.forEach(open -> months.add(Month.of(open.openedAt())));
    closes.forEach(close -> months.add(Month.of(close.closedAt())));
    return months;
  }

  @Override
  public void opens(Month month, Consumer<OpenFacts> to) {
    opens.stream().filter(open -> Month.of(open.openedAt()).equals(month)).forEach(to);
  }

  @Override
  public void closes(Month month, Consumer<CloseFacts> to) {
    closes.stream().filter(close -> Month.of(close.closedAt()).equals(month)).forEach(to);
  }
}
