package org.mor.throughput.demo;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.mor.throughput.contract.CloseoutReceipt.ReceiptFormat.FIVE_FIELD;
import static org.mor.throughput.contract.CloseoutReceipt.ReceiptFormat.SEVEN_FIELD;
import static org.mor.throughput.contract.CloseoutReceipt.ReceiptFormat.UNRECOGNIZED;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.mor.throughput.chain.Address;
import org.mor.throughput.chain.Bytes;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.contract.CloseoutReceipt.ReceiptFormat;
import org.mor.throughput.demo.Ledger.LedgerEntry;
import org.mor.throughput.demo.Ledger.Payment;
import org.mor.throughput.session.MetricRules;
import org.mor.throughput.session.UserId;

/** Figures worked out by hand for four sessions. */
class LedgerFiguresTest {
  private static final Address GATEWAY = address(1);
  private static final long OPEN = 1_000_000;

  /** 10 s at 600.5 tokens/s in the window: 10 * 500 = 5000 estimated. */
  private static final LedgerEntry OLD = entry(1, 1, 10, 500, false, FIVE_FIELD, 600_500, 300);

  /** Closed 5 s early after 15 s. */
  private static final LedgerEntry NEW = entry(2, 2, 20, 15, false, SEVEN_FIELD, 20_000, 101);

  private static final LedgerEntry DISPUTED = entry(3, 2, 40, 41, true, SEVEN_FIELD, 99_000, 7_000);

  private static final LedgerEntry JUNK = entry(4, 3, 30, 30, false, UNRECOGNIZED, 40_250, 0);

  private final Map<String, Figure> figures =
      new LedgerFigures(
              new MetricRules(
                  500, OPEN, OPEN + 600, Set.of(new UserId(Bytes.of(GATEWAY.toArray())))),
              e -> e.paidAt(20),
              e -> e.paidAt(20))
          .of(List.of(OLD, NEW, DISPUTED, JUNK), 9);

  @Test
  void countsEachCloseInOneTokenClass() {
    expect("sessionsOpened", "9");
    expect("sessionsClosed", "4");
    expect("sessionsDisputed", "1");
    expect("sessionsClosedEarly", "1");
    expect("sessionsWithTokens", "2");
    expect("sessionsLegacyEst", "1");
    expect("sessionsMissingTokens", "1");
    expect("sessionsIdle", "0");
    expect("sessionsGateway", "1");
  }

  @Test
  void sumsTokensByTheirSource() {
    expect("inputTokens", "14");
    expect("outputTokens", "60000");
    expect("tokensReceipt", "60014");
    expect("tokensLegacyEst", "5000");
    expect("tokens", "65014");
    expect("tokensDisputed", "30007");
    expect("tokensGateway", "5000");
    expect("tokensFlagged", "0");
    expect("sessionSeconds", "95");
  }

  @Test
  void samplesAreUndisputedAndAboveZero() {
    expect("tpsSamples", "3");
    expect("ttftSamples", "2");
    expect("avgTps", "220.25");
    expect("avgTpsClamped", "186.75");
    expect("avgTtftMs", "200.5");
    assertThat(figures.get("tpsP50")).isEqualTo(Figure.nearly(new BigDecimal("40.250"), 3));
  }

  @Test
  void amountsAreRoundedToMillionthsOfAMor() {
    expect("morStake", "4.000000");
    expect("morEarned", "0.000095");
    expect("morPaid", "0.000002");
    expect("uniqueUsers", "3");
  }

  private void expect(String name, String value) {
    Figure figure = requireNonNull(figures.get(name));
    assertThat(figure.low()).as(name).isEqualByComparingTo(value);
    assertThat(figure.high()).as(name).isEqualByComparingTo(value);
  }

  private static LedgerEntry entry(
      int id,
      int user,
      long paidTime,
      long closedAfter,
      boolean disputed,
      ReceiptFormat format,
      long tps,
      long ttft) {
    return new LedgerEntry(
        hash(id),
        id,
        address(user),
        address(9),
        hash(90),
        hash(91),
        10,
        OPEN,
        OPEN + paidTime,
        12,
        OPEN + closedAfter,
        disputed,
        false,
        format,
        tps,
        ttft,
        7,
        30_000,
        BigInteger.TEN.pow(12),
        BigInteger.TEN.pow(18),
        List.of(
            new Payment(20, BigInteger.valueOf(500_000_000_000L)),
            new Payment(21, BigInteger.TEN.pow(18))));
  }

  private static Address address(int last) {
    byte[] bytes = new byte[Address.SIZE];
    bytes[Address.SIZE - 1] = (byte) last;
    return Address.of(bytes);
  }

  private static Hash32 hash(int last) {
    byte[] bytes = new byte[Hash32.SIZE];
    bytes[Hash32.SIZE - 1] = (byte) last;
    return Hash32.of(bytes);
  }
}
