package org.mor.throughput.bench;

import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.stream.IntStream;
import org.mor.throughput.adapter.file.FileObjectStore;
import org.mor.throughput.archive.CoverageStore;
import org.mor.throughput.archive.Cursor.NetworkId;
import org.mor.throughput.archive.CursorStore;
import org.mor.throughput.archive.RowArchive;
import org.mor.throughput.base.Patience;
import org.mor.throughput.chain.Address;
import org.mor.throughput.chain.BlockHeader;
import org.mor.throughput.chain.BlockRange;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.chain.LogPosition;
import org.mor.throughput.chain.Wei;
import org.mor.throughput.contract.CloseoutReceipt;
import org.mor.throughput.contract.CloseoutReceipt.ReceiptFormat;
import org.mor.throughput.session.Month;
import org.mor.throughput.session.SessionClose;
import org.mor.throughput.session.SessionOpen;
import org.mor.throughput.session.SessionRow.Reading;
import org.mor.throughput.session.UserId;
import org.mor.throughput.session.UserPrivacy;

/** A store of many sessions, the same every time: real partitions, coverage and a cursor. */
public final class GeneratedStore {
  static final NetworkId NETWORK =
      new NetworkId("base", Address.fromHex("0x6abe1d282f72b474e54527d93b979a4f64d3030a"));
  static final long FIRST_BLOCK = 39_593_197;

  private static final YearMonth FIRST = YearMonth.of(2025, 12);
  private static final int MONTHS = 13;
  private static final int MOST_A_MONTH = 400_000;
  private static final BigInteger WEI = BigInteger.TEN.pow(11);

  private GeneratedStore() {}

  /**
   * Arguments: the directory, the number of closes, then {@code spread} for a market without a
   * centre, and {@code opens} for as many opens. Does nothing where there is a cursor.
   */
  public static void main(String[] args) {
    Path directory = Path.of(args[0]);
    if (Files.exists(directory.resolve(CursorStore.KEY.value()))) {
      return;
    }
    int sessions = Integer.parseInt(args[1]);
    int months = Math.max(MONTHS, sessions / MOST_A_MONTH);
    int perMonth = sessions / months + 1;
    List<String> options = List.of(args).subList(2, args.length);
    boolean spread = options.contains("spread");
    boolean opens = options.contains("opens");
    FileObjectStore store = new FileObjectStore(directory);
    RowArchive rows = new RowArchive(store, UserPrivacy.plain(), Patience.none());
    IntStream.range(0, months)
        .parallel()
        .forEach(month -> fill(opens, rows, month, perMonth, spread));
    long last = FIRST_BLOCK + 2L * months * perMonth;
    new CoverageStore(store, Patience.none()).add(new BlockRange(FIRST_BLOCK, last));
    long time = new Month(FIRST.plusMonths(months)).firstSecond() - 1;
    BlockHeader head = new BlockHeader(last, hash(new Random(0)), time);
    new CursorStore(store, Patience.none())
        .advance(
            new org.mor.throughput.chain.BlockRange(0, head.number()),
            head,
            NETWORK,
            0,
            Instant.EPOCH,
            "bench");
  }

  /** Who rents which model from whom. */
  private record Deal(int user, int provider, int model, int bid) {
    private static final int LARGE_MODELS = 40;

    /**
     * As in the first 113,343 sessions of the network: 39 wallets, 21 providers, two of which serve
     * 98 % of the sessions, some 100 models, 118 pairs and 400 bids.
     */
    static Deal real(Random random, int month) {
      double one = random.nextDouble();
      int provider = one < 0.514 ? 0 : one < 0.979 ? 1 : 2 + random.nextInt(19);
      int model =
          provider < 2
              ? 20 * provider + skewed(random, LARGE_MODELS)
              : 60 + 2 * (provider - 2) + random.nextInt(2);
      return new Deal(
          skewed(random, 39), provider, model, 10 * (100 * provider + model) + month / 4);
    }

    /** A market that has no centre yet: hardly two sessions of a day have anything in common. */
    static Deal spread(Random random) {
      int provider = random.nextInt(40);
      int model = random.nextInt(60);
      return new Deal(random.nextInt(5000), provider, model, 10 * (100 * provider + model));
    }

    /** Small numbers often, large ones seldom. */
    private static int skewed(Random random, int bound) {
      double one = random.nextDouble();
      return (int) (bound * one * one * one);
    }
  }

  private static void fill(
      boolean withOpens, RowArchive rows, int index, int perMonth, boolean spread) {
    Month month = new Month(FIRST.plusMonths(index));
    long start = month.firstSecond();
    long end = month.next().firstSecond() - 1;
    Random random = new Random(index);
    List<SessionOpen> opens = new ArrayList<>();
    List<SessionClose> closes = new ArrayList<>();
    for (int i = 0; i < perMonth; i++) {
      long openedAt = start + (end - start) * i / perMonth;
      long block = FIRST_BLOCK + 2 * ((long) index * perMonth + i);
      Deal deal = spread ? Deal.spread(random) : Deal.real(random, index);
      SessionOpen open = open(random, deal, openedAt, block);
      opens.add(open);
      closes.add(close(random, open, Math.min(end, openedAt + 300 + random.nextInt(3300))));
    }
    rows.merge(withOpens ? opens : List.of(), closes);
  }

  private static SessionOpen open(Random random, Deal deal, long openedAt, long block) {
    return new SessionOpen(
        hash(random),
        UserId.of(address(deal.user())),
        address(10_000 + deal.provider()),
        hash(new Random(20_000 + deal.bid())),
        hash(new Random(900_000 + deal.model())),
        openedAt,
        openedAt + 3600,
        wei(random, Integer.MAX_VALUE),
        random.nextInt(10) == 0,
        new LogPosition(block, random.nextInt(300)),
        hash(random),
        Reading.at(block + 100, 0));
  }

  private static SessionClose close(Random random, SessionOpen open, long closedAt) {
    Wei price = wei(random, 1_000_000);
    long paid = closedAt - open.openedAt();
    return new SessionClose(
        open.sessionId(),
        open.user(),
        open.provider(),
        open.bidId(),
        open.modelId(),
        "model-" + open.modelId().toHex().substring(2, 8),
        open.openedAt(),
        random.nextInt(3) == 0 ? open.endsAt() : closedAt,
        closedAt,
        open.stake(),
        price,
        price.times(paid),
        random.nextInt(60) == 0 ? 1 : 0,
        open.directPayment(),
        receipt(random),
        new LogPosition(open.position().block() + 1, random.nextInt(300)),
        hash(random),
        Reading.at(open.position().block() + 100, 0));
  }

  private static CloseoutReceipt receipt(Random random) {
    OptionalLong tps = OptionalLong.of(1000L + random.nextInt(150_000));
    OptionalLong ttft = OptionalLong.of(50L + random.nextInt(20_000));
    OptionalLong none = OptionalLong.empty();
    return random.nextInt(10) == 0
        ? new CloseoutReceipt(ReceiptFormat.FIVE_FIELD, tps, ttft, none, none, 160)
        : new CloseoutReceipt(
            ReceiptFormat.SEVEN_FIELD,
            tps,
            ttft,
            OptionalLong.of(random.nextInt(90_000)),
            OptionalLong.of(random.nextInt(30_000)),
            224);
  }

  private static Wei wei(Random random, int most) {
    return Wei.of(WEI.multiply(BigInteger.valueOf(random.nextInt(most))));
  }

  private static Hash32 hash(Random random) {
    byte[] bytes = new byte[Hash32.SIZE];
    random.nextBytes(bytes);
    return Hash32.of(bytes);
  }

  private static Address address(int seed) {
    byte[] bytes = new byte[Address.SIZE];
    new Random(seed).nextBytes(bytes);
    return Address.of(bytes);
  }
}
