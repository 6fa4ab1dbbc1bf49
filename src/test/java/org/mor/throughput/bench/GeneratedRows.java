package org.mor.throughput.bench;

import java.math.BigInteger;
import java.time.YearMonth;
import java.util.Random;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.mor.throughput.chain.Wei;
import org.mor.throughput.contract.ReceiptFormat;
import org.mor.throughput.rollup.CloseBuilder;
import org.mor.throughput.rollup.RowSource;
import org.mor.throughput.session.CloseFacts;
import org.mor.throughput.session.Month;
import org.mor.throughput.session.OpenFacts;

/** Rows made as they are asked for, the same every time, so that nothing is held or parsed. */
record GeneratedRows(YearMonth first, int monthCount, int perMonth) implements RowSource {
  private static final BigInteger WEI = BigInteger.TEN.pow(15);

  @Override
  public SortedSet<Month> months() {
    SortedSet<Month> months = new TreeSet<>();
    for (int i = 0; i < monthCount; i++) {
      months.add(new Month(first.plusMonths(i)));
    }
    return months;
  }

  @Override
  public void opens(Month month, Consumer<OpenFacts> to) {
    each(
        month,
        (session, openedAt, random) -> {
          Wei stake = wei(random, 50_000);
          to.accept(CloseBuilder.open(session, openedAt, openedAt + 3600, 1 + session % 40, stake));
        });
  }

  @Override
  public void closes(Month month, Consumer<CloseFacts> to) {
    long last = month.next().firstSecond() - 1;
    each(
        month,
        (session, openedAt, random) -> {
          long closedAt = Math.min(last, openedAt + 300 + random.nextInt(3300));
          CloseBuilder close =
              CloseBuilder.closeAt(closedAt)
                  .session(session)
                  .duration(closedAt - openedAt)
                  .disputed(random.nextInt(60) == 0)
                  .early(random.nextInt(3) == 0)
                  .by(1 + random.nextInt(5000), 1 + session % 40, 1 + session % 60)
                  .wei(wei(random, 50_000), wei(random, 900), wei(random, 900));
          long tps = 1000L + random.nextInt(150_000);
          long ttft = 50L + random.nextInt(20_000);
          boolean old = random.nextInt(10) == 0;
          to.accept(
              (old
                      ? close.shorter(ReceiptFormat.FIVE_FIELD, tps, ttft)
                      : close.seven(tps, ttft, random.nextInt(90_000), random.nextInt(30_000)))
                  .build());
        });
  }

  private interface Row {
    void make(int session, long openedAt, Random random);
  }

  private void each(Month month, Row row) {
    long start = month.firstSecond();
    long length = month.next().firstSecond() - start;
    int base = (month.value().getYear() * 12 + month.value().getMonthValue()) * perMonth;
    Random random = new Random(base);
    for (int i = 0; i < perMonth; i++) {
      row.make(base + i, start + length * i / perMonth, random);
    }
  }

  private static Wei wei(Random random, int most) {
    return new Wei(WEI.multiply(BigInteger.valueOf(random.nextInt(most))));
  }
}
