package org.mor.throughput.archive;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.mor.throughput.chain.Address;
import org.mor.throughput.chain.Bytes;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.chain.LogPosition;
import org.mor.throughput.chain.Wei;
import org.mor.throughput.contract.CloseoutReceipt;
import org.mor.throughput.contract.CloseoutReceipt.ReceiptFormat;
import org.mor.throughput.session.SessionClose;
import org.mor.throughput.session.SessionOpen;
import org.mor.throughput.session.SessionRow;
import org.mor.throughput.session.SessionRow.Reading;
import org.mor.throughput.session.UserId;

/** The rows behind the golden files of this package, and the files' lines. */
final class GoldenRows {
  /** Markup, quotes, controls, separators, a pair and two lone surrogates. */
  static final String HOSTILE_NAME =
      "<b>\"x\\\"</b>\u0000\u001b\n\r\t\u007f\u2028\u2029\u202e é 中 \ud83d\ude00 \ud83d \ude00 '=1+1'";

  private GoldenRows() {}

  static Hash32 hash(int fill) {
    return Hash32.fromHex("0x" + "%02x".formatted(fill).repeat(32));
  }

  static Address address(int fill) {
    return Address.fromHex("0x" + "%02x".formatted(fill).repeat(20));
  }

  static List<SessionClose> closes() {
    OptionalLong none = OptionalLong.empty();
    OptionalLong tps = OptionalLong.of(31_250);
    OptionalLong ttft = OptionalLong.of(812);
    return List.of(
        close(
            1,
            "glm-5.1",
            new CloseoutReceipt(
                ReceiptFormat.SEVEN_FIELD,
                tps,
                ttft,
                OptionalLong.of(0),
                OptionalLong.of((1L << 32) - 1),
                224)),
        close(2, "", new CloseoutReceipt(ReceiptFormat.FIVE_FIELD, tps, ttft, none, none, 160)),
        close(
            3,
            HOSTILE_NAME,
            new CloseoutReceipt(ReceiptFormat.UNRECOGNIZED, tps, none, none, none, 4096)),
        close(4, "none", new CloseoutReceipt(ReceiptFormat.NONE, none, none, none, none, 0))
            .withUser(new UserId(Bytes.fromHex("0x" + "e1".repeat(16)))));
  }

  static List<SessionOpen> opens() {
    return List.of(
        new SessionOpen(
            hash(1),
            UserId.of(address(0xd1)),
            address(0xb1),
            hash(0xf1),
            hash(0xc1),
            1_777_593_600,
            1_777_597_200,
            Wei.parse(
                "115792089237316195423570985008687907853269984665640564039457584007913129639935"),
            true,
            new LogPosition(45_410_000, 3),
            hash(0x71),
            new Reading(2, 0, 45_410_000, false)),
        new SessionOpen(
            hash(2),
            new UserId(Bytes.fromHex("0x" + "e1".repeat(16))),
            address(0xb1),
            hash(0xf1),
            hash(0xc1),
            1_777_593_601,
            0,
            Wei.ZERO,
            false,
            new LogPosition(45_410_000, 4),
            hash(0x72),
            new Reading(2, 0, 45_410_000, false)));
  }

  /** The rows as schema 3 has them: the first and second of one rewind, each other retracted. */
  @SuppressWarnings("unchecked")
  static <R extends SessionRow> List<R> readAgain(List<R> rows) {
    List<R> again = new ArrayList<>();
    for (int i = 0; i < rows.size(); i++) {
      Reading reading = new Reading(3, i < 2 ? 1 : 0, 45_500_000, i % 2 == 1);
      again.add(
          rows.get(i) instanceof SessionClose close
              ? (R) close.withReading(reading)
              : (R) ((SessionOpen) rows.get(i)).withReading(reading));
    }
    return again;
  }

  /** The lines of a golden file, without their line ends. */
  static List<String> lines(String name) {
    try (InputStream file = GoldenRows.class.getResourceAsStream("/archive/" + name)) {
      if (file == null) {
        throw new IllegalArgumentException("No golden file " + name);
      }
      return new String(file.readAllBytes(), UTF_8).lines().toList();
    } catch (IOException e) {
      throw new UncheckedIOException("Reading " + name, e);
    }
  }

  private static SessionClose close(int id, String modelName, CloseoutReceipt receipt) {
    return new SessionClose(
        hash(id),
        UserId.of(address(0xd1)),
        address(0xb1),
        hash(0xf1),
        hash(0xc1),
        modelName,
        1_777_593_600,
        1_777_597_200,
        1_777_596_000L + id * 1000L,
        Wei.parse("1500000000000000000"),
        Wei.parse("10000000000"),
        Wei.parse("123456789012345678901234567890"),
        id == 3 ? 1 : 0,
        id == 2,
        receipt,
        new LogPosition(45_411_000L + id, id),
        hash(0x70 + id),
        new Reading(2, 0, 45_500_000, false));
  }
}
