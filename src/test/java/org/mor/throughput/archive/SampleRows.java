package org.mor.throughput.archive;

import java.math.BigInteger;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.stream.Stream;
import org.mor.throughput.chain.Address;
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

/** Rows as a busy month has them; the same seed gives the same rows. */
final class SampleRows {
  private final Random random;
  private final List<Address> providers;
  private final List<Hash32> models;
  private final List<UserId> users;

  SampleRows(long seed) {
    random = new Random(seed);
    providers = Stream.generate(this::address).limit(40).toList();
    models = Stream.generate(this::hash).limit(60).toList();
    users = Stream.generate(() -> UserId.of(address())).limit(300).toList();
  }

  Hash32 hash() {
    byte[] bytes = new byte[Hash32.SIZE];
    random.nextBytes(bytes);
    return Hash32.of(bytes);
  }

  Address address() {
    byte[] bytes = new byte[Address.SIZE];
    random.nextBytes(bytes);
    return Address.of(bytes);
  }

  SessionClose close(Month month) {
    long closedAt = month.firstSecond() + random.nextInt(28 * 86_400);
    return close(hash(), closedAt, 40_000_000L + random.nextInt(1_000_000));
  }

  SessionClose close(Hash32 id, long closedAt, long readAtBlock) {
    long duration = 300L + random.nextInt(86_400);
    int model = random.nextInt(models.size());
    return new SessionClose(
        id,
        users.get(random.nextInt(users.size())),
        providers.get(random.nextInt(providers.size())),
        hash(),
        models.get(model),
        "model-" + model + "-instruct:web",
        closedAt - duration,
        closedAt - duration + 3600L * (1 + random.nextInt(24)),
        closedAt,
        wei(),
        Wei.of(BigInteger.valueOf(10_000_000_000L).multiply(BigInteger.valueOf(model + 1))),
        wei(),
        random.nextInt(20) == 0 ? 1 : 0,
        random.nextInt(4) == 0,
        receipt(),
        new LogPosition(Math.max(0, readAtBlock - random.nextInt(1000)), random.nextInt(400)),
        hash(),
        Reading.at(readAtBlock, 0));
  }

  SessionOpen open(Month month) {
    long openedAt = month.firstSecond() + random.nextInt(28 * 86_400);
    return new SessionOpen(
        hash(),
        users.get(random.nextInt(users.size())),
        providers.get(random.nextInt(providers.size())),
        hash(),
        models.get(random.nextInt(models.size())),
        openedAt,
        openedAt + 3600,
        wei(),
        random.nextBoolean(),
        new LogPosition(40_000_000L + random.nextInt(1_000_000), random.nextInt(400)),
        hash(),
        Reading.at(41_000_000, 0));
  }

  CloseoutReceipt receipt() {
    OptionalLong tps = OptionalLong.of(random.nextInt(90_000));
    OptionalLong ttft = OptionalLong.of(random.nextInt(5_000));
    OptionalLong none = OptionalLong.empty();
    return switch (random.nextInt(10)) {
      case 0 -> new CloseoutReceipt(ReceiptFormat.NONE, none, none, none, none, 0);
      case 1 -> new CloseoutReceipt(ReceiptFormat.FIVE_FIELD, tps, ttft, none, none, 160);
      case 2 -> new CloseoutReceipt(ReceiptFormat.UNRECOGNIZED, tps, none, none, none, 96);
      default ->
          new CloseoutReceipt(
              ReceiptFormat.SEVEN_FIELD,
              tps,
              ttft,
              OptionalLong.of(random.nextInt(100_000)),
              OptionalLong.of(random.nextInt(20_000)),
              224);
    };
  }

  private Wei wei() {
    return Wei.of(new BigInteger(67, random));
  }
}
