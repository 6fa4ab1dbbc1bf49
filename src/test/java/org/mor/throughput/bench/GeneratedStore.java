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
import org.mor.throughput.archive.CommitRetry;
import org.mor.throughput.archive.CoverageStore;
import org.mor.throughput.archive.CursorStore;
import org.mor.throughput.archive.NetworkId;
import org.mor.throughput.archive.RowArchive;
import org.mor.throughput.chain.Address;
import org.mor.throughput.chain.BlockHeader;
import org.mor.throughput.chain.BlockRange;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.chain.LogPosition;
import org.mor.throughput.chain.Wei;
import org.mor.throughput.contract.CloseoutReceipt;
import org.mor.throughput.contract.ReceiptFormat;
import org.mor.throughput.session.Month;
import org.mor.throughput.session.SessionClose;
import org.mor.throughput.session.SessionOpen;
import org.mor.throughput.session.UserId;
import org.mor.throughput.session.UserPrivacy;

/** A store of many sessions, the same every time: real partitions, coverage and a cursor. */
final class GeneratedStore {
  static final NetworkId NETWORK =
      new NetworkId("base", Address.fromHex("0x6abe1d282f72b474e54527d93b979a4f64d3030a"));
  static final long FIRST_BLOCK = 39_593_197;

  private static final YearMonth FIRST = YearMonth.of(2025, 12);
  private static final int MONTHS = 13;
  private static final BigInteger WEI = BigInteger.TEN.pow(11);

  private GeneratedStore() {}

  /** Arguments: the directory and the number of closes. Does nothing where there is a cursor. */
  public static void main(String[] args) {
    Path directory = Path.of(args[0]);
    if (Files.exists(directory.resolve(CursorStore.KEY.value()))) {
      return;
    }
    int perMonth = Integer.parseInt(args[1]) / MONTHS + 1;
    FileObjectStore store = new FileObjectStore(directory);
    RowArchive rows = new RowArchive(store, UserPrivacy.plain(), CommitRetry.none());
    IntStream.range(0, MONTHS).parallel().forEach(month -> fill(rows, month, perMonth));
    long last = FIRST_BLOCK + 2L * MONTHS * perMonth;
    new CoverageStore(store, CommitRetry.none()).add(new BlockRange(FIRST_BLOCK, last));
    long time = new Month(FIRST.plusMonths(MONTHS)).firstSecond() - 1;
    BlockHeader head = new BlockHeader(last, hash(new Random(0)), time);
    new CursorStore(store, CommitRetry.none())
        .advance(
            new org.mor.throughput.chain.BlockRange(0, head.number()),
            head,
            NETWORK,
            Instant.EPOCH,
            "bench");
  }

  private static void fill(RowArchive rows, int index, int perMonth) {
    Month month = new Month(FIRST.plusMonths(index));
    long start = month.firstSecond();
    long end = month.next().firstSecond() - 1;
    Random random = new Random(index);
    List<SessionOpen> opens = new ArrayList<>();
    List<SessionClose> closes = new ArrayList<>();
    for (int i = 0; i < perMonth; i++) {
      long openedAt = start + (end - start) * i / perMonth;
      long block = FIRST_BLOCK + 2 * ((long) index * perMonth + i);
      SessionOpen open = open(random, openedAt, block);
      opens.add(open);
      closes.add(close(random, open, Math.min(end, openedAt + 300 + random.nextInt(3300))));
    }
    rows.merge(opens, closes);
  }

  private static SessionOpen open(Random random, long openedAt, long block) {
    int provider = random.nextInt(40);
    int model = random.nextInt(60);
    return new SessionOpen(
        hash(random),
        UserId.of(address(random.nextInt(5000))),
        address(10_000 + provider),
        hash(new Random(20_000 + 100 * provider + model)),
        hash(new Random(30_000 + model)),
        openedAt,
        openedAt + 3600,
        wei(random, Integer.MAX_VALUE),
        random.nextInt(10) == 0,
        new LogPosition(block, random.nextInt(300)),
        hash(random));
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
        open.position().block() + 100);
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
    return new Wei(WEI.multiply(BigInteger.valueOf(random.nextInt(most))));
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
