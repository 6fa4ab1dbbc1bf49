package org.mor.throughput.archive;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.mor.throughput.archive.RowArchive.PartitionFullException;
import org.mor.throughput.chain.Address;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.chain.LogPosition;
import org.mor.throughput.chain.Sha256;
import org.mor.throughput.chain.Wei;
import org.mor.throughput.contract.CloseoutReceipt;
import org.mor.throughput.contract.CloseoutReceipt.ReceiptFormat;
import org.mor.throughput.session.CloseRow;
import org.mor.throughput.session.Month;
import org.mor.throughput.session.SafeText;
import org.mor.throughput.session.SessionClose;
import org.mor.throughput.session.SessionRow.Reading;
import org.mor.throughput.session.UserId;

/** What the chain can do to the bounds of a partition. */
class BoundsTest {
  private static final Month MAY = Month.parse("2026-05");
  private static final long U32 = (1L << 32) - 1;
  private static final Wei MOST = Wei.of(BigInteger.ONE.shiftLeft(256).subtract(BigInteger.ONE));

  private final RowCodec<CloseRow> codec = RowCodec.CLOSES;
  private final PartitionFile<CloseRow> file = new PartitionFile<>(codec, MAY);

  @Test
  void theLongestRowThatTheChainCanMakeIsFarFromTheLongestLine() {
    CloseRow longest = close(1, SafeText.clean("\uD83D\uDE00".repeat(100_000)));

    byte[] line = codec.encode(longest);

    assertThat(line.length).isBetween(1_000, LineReader.MAX_LINE / 16);
    assertThat(line.length).as("with every character escaped").isLessThan(3_000);
  }

  @Test
  void rowsThatAreAsAlikeAsTheyCanBeAreNotTakenForABomb() {
    byte[] body;
    try (PartitionFile.Writer<CloseRow> out = file.writer(0, false)) {
      for (int i = 0; i < 20_000; i++) {
        out.add(close(i, ""), 20_000);
      }
      body = out.finish();
    }

    int[] rows = {0};
    file.read(body, row -> rows[0]++);

    assertThat(rows[0]).isEqualTo(20_000);
    long inflated = 20_000L * (codec.encode(close(1, "")).length + 1);
    assertThat(inflated / body.length).isLessThan(GzipInput.MAX_RATIO);
  }

  @Test
  void aMonthThatIsFullSaysWhatToDoAndWritesNothing() {
    byte[] line = codec.encode(close(1, "m"));
    try (PartitionFile.Writer<CloseRow> out =
        new PartitionFile.Writer<>(
            codec, RowKind.CLOSES.key(MAY), 0, false, 3L * (line.length + 1))) {
      out.add(close(1, "m"), 0);
      assertThat(out.isHalfFull()).isFalse();
      out.add(close(2, "m"), 0);
      assertThat(out.isHalfFull()).isTrue();
      out.add(close(3, "m"), 0);

      assertThatThrownBy(() -> out.add(close(4, "m"), 0))
          .isInstanceOf(PartitionFullException.class)
          .hasMessageContainingAll(
              "raw/closes/2026-05.ndjson.gz", "larger than can be read back", "next: ");
    }
  }

  @Test
  void anAmountThatNobodyCanPayFitsIntoARow() {
    CloseRow row = close(1, "m");

    CloseRow again = codec.decode(codec.encode(row), 0, codec.encode(row).length, new RowFields());

    assertThat(again).isEqualTo(row);
    assertThat(((SessionClose) again).earned().value().bitLength()).isGreaterThan(256);
    assertThat(new String(codec.encode(row), UTF_8)).contains(MOST.toString());
  }

  private static SessionClose close(int number, String name) {
    // Ids are hashes: nobody makes these alike.
    Hash32 id = Hash32.fromHex("0x" + Sha256.hex(("session " + number).getBytes(UTF_8)));
    Address address = Address.fromHex("0x" + "6a".repeat(20));
    Hash32 same = Hash32.fromHex("0x" + "00".repeat(32));
    long opened = MAY.firstSecond();
    return new SessionClose(
        id,
        UserId.of(address),
        address,
        same,
        same,
        name,
        opened,
        opened + 2_000_000,
        opened + 1_000_000,
        MOST,
        MOST,
        MOST,
        255,
        true,
        new CloseoutReceipt(
            ReceiptFormat.SEVEN_FIELD,
            OptionalLong.of(U32),
            OptionalLong.of(U32),
            OptionalLong.of(U32),
            OptionalLong.of(U32),
            224),
        new LogPosition(40_000_000, number),
        same,
        Reading.at(40_000_000, 0));
  }
}
