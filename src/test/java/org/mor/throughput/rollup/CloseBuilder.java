package org.mor.throughput.rollup;

import java.nio.ByteBuffer;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.mor.throughput.chain.Address;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.chain.Wei;
import org.mor.throughput.contract.CloseoutReceipt;
import org.mor.throughput.contract.CloseoutReceipt.ReceiptFormat;
import org.mor.throughput.session.CloseFacts;
import org.mor.throughput.session.CloseFacts.TokenTotals;
import org.mor.throughput.session.OpenRow.OpenFacts;
import org.mor.throughput.session.UserId;

/** Closes for tests, with everything in small numbers; what is not set is plain and harmless. */
public final class CloseBuilder {
  private int session = 1;
  private long closedAt;
  private long duration = 600;
  private boolean disputed;
  private boolean early;
  private int user = 1;
  private int provider = 1;
  private int model = 1;
  private @Nullable String modelName = "model-1";
  private Wei stake = Wei.ZERO;
  private Wei paid = Wei.ZERO;
  private Wei earned = Wei.ZERO;
  private @Nullable CloseoutReceipt receipt;
  private @Nullable TokenTotals carried;
  private long block;

  public static CloseBuilder closeAt(long closedAt) {
    CloseBuilder builder = new CloseBuilder();
    builder.closedAt = closedAt;
    return builder;
  }

  public CloseBuilder session(int number) {
    session = number;
    return this;
  }

  public CloseBuilder duration(long seconds) {
    duration = seconds;
    return this;
  }

  public CloseBuilder disputed(boolean value) {
    disputed = value;
    return this;
  }

  public CloseBuilder early(boolean value) {
    early = value;
    return this;
  }

  /** Numbers of the user, the provider and the model; 0 for unknown. */
  public CloseBuilder by(int userNumber, int providerNumber, int modelNumber) {
    user = userNumber;
    provider = providerNumber;
    model = modelNumber;
    modelName = modelNumber == 0 ? null : "model-" + modelNumber;
    return this;
  }

  public CloseBuilder modelName(String name) {
    modelName = name;
    return this;
  }

  public CloseBuilder wei(Wei stakeWei, Wei paidWei, Wei earnedWei) {
    stake = stakeWei;
    paid = paidWei;
    earned = earnedWei;
    return this;
  }

  public CloseBuilder seven(long milliTps, long ttftMs, long input, long output) {
    receipt =
        new CloseoutReceipt(
            ReceiptFormat.SEVEN_FIELD,
            OptionalLong.of(milliTps),
            OptionalLong.of(ttftMs),
            OptionalLong.of(input),
            OptionalLong.of(output),
            224);
    return this;
  }

  public CloseBuilder shorter(ReceiptFormat format, long milliTps, long ttftMs) {
    receipt =
        new CloseoutReceipt(
            format,
            OptionalLong.of(milliTps),
            OptionalLong.of(ttftMs),
            OptionalLong.empty(),
            OptionalLong.empty(),
            160);
    return this;
  }

  public CloseBuilder carried(long input, long output) {
    carried = new TokenTotals(input, output);
    return this;
  }

  /** The block of the event; without it the row does not say. */
  public CloseBuilder inBlock(long number) {
    block = number;
    return this;
  }

  public CloseFacts build() {
    return new CloseFacts(
        id(0x5e, session),
        closedAt - Math.max(0, Math.min(duration, closedAt)),
        closedAt,
        duration,
        disputed,
        early,
        user == 0 ? null : user(user),
        provider == 0 ? null : provider(provider),
        model == 0 ? null : model(model),
        modelName,
        stake,
        paid,
        earned,
        receipt,
        carried,
        block);
  }

  public static OpenFacts open(int session, long openedAt, long endsAt, int provider, Wei stake) {
    return openInBlock(1, session, openedAt, endsAt, provider, stake);
  }

  public static OpenFacts openInBlock(
      long block, int session, long openedAt, long endsAt, int provider, Wei stake) {
    return new OpenFacts(
        id(0x5e, session), openedAt, endsAt, provider(provider), model(1), stake, block);
  }

  public static UserId user(int number) {
    return UserId.of(address(0xAB, number));
  }

  public static Address provider(int number) {
    return address(0xCD, number);
  }

  public static Hash32 model(int number) {
    return id(0x30, number);
  }

  /** Sessions (kind 0x5e) and users are as scattered as real ones; others sort by their number. */
  public static Hash32 id(int kind, int number) {
    ByteBuffer bytes = ByteBuffer.allocate(Hash32.SIZE).put((byte) kind).putInt(28, number);
    if (kind == 0x5e) {
      bytes.putLong(8, (number + 1L) * 0x9E3779B97F4A7C15L);
    }
    return Hash32.of(bytes.array());
  }

  private static Address address(int kind, int number) {
    ByteBuffer bytes = ByteBuffer.allocate(Address.SIZE).put((byte) kind).putInt(16, number);
    if (kind == 0xAB) {
      bytes.putLong(6, (number + 1L) * 0x9E3779B97F4A7C15L);
    }
    return Address.of(bytes.array());
  }
}
