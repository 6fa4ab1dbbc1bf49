package org.mor.throughput.archive;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.mor.throughput.chain.LogPosition;
import org.mor.throughput.chain.Wei;
import org.mor.throughput.session.CloseFacts;
import org.mor.throughput.session.CloseFacts.TokenTotals;
import org.mor.throughput.session.CloseRow.LegacyClose;
import org.mor.throughput.session.OpenRow.LegacyOpen;
import org.mor.throughput.session.UserId;
import org.mor.throughput.session.UserPrivacy;

class LegacyRowTest {
  private static final CloseRowCodec CLOSES = new CloseRowCodec();
  private static final OpenRowCodec OPENS = new OpenRowCodec();
  private static final List<String> LINES = GoldenRows.lines("legacy-closes.ndjson");

  @Test
  void everyLineIsWrittenBackToTheByte() {
    for (String line : LINES) {
      assertThat(new String(CLOSES.encode(close(line)), UTF_8)).isEqualTo(line);
    }
    for (String line : GoldenRows.lines("legacy-opens.ndjson")) {
      assertThat(new String(OPENS.encode(open(line)), UTF_8)).isEqualTo(line);
    }
    String spaced =
        "{ \"sessionId\" :\"" + GoldenRows.hash(1) + "\",\t\"closedAt\":1777600000 } \r";
    assertThat(new String(CLOSES.encode(close(spaced)), UTF_8)).isEqualTo(spaced);
  }

  @Test
  void whatMakesSenseOfACloseIsUsed() {
    LegacyClose row = close(LINES.get(0));
    CloseFacts facts = row.facts();

    assertThat(row.schema()).isEqualTo(1);
    assertThat(row.readAtBlock()).isEqualTo(-1);
    assertThat(row.position()).isEqualTo(new LogPosition(45_411_111, 7));
    assertThat(facts)
        .isEqualTo(
            new CloseFacts(
                GoldenRows.hash(0xa1),
                1_777_593_600,
                1_777_597_000,
                3400,
                false,
                true,
                UserId.fromHex("0xabcdef0123456789abcdef0123456789abcdef01"),
                GoldenRows.address(0xb1),
                GoldenRows.hash(0xc1),
                "glm-5.1",
                Wei.parse("1500000000000000000"),
                Wei.parse("34000000000000"),
                Wei.parse("34000000000000"),
                null,
                null,
                45_411_111));
  }

  @Test
  void nonsenseIsAsIfItWereNotThere() {
    LegacyClose row = close(LINES.get(1));

    assertThat(row.position()).isEqualTo(new LogPosition(0, 0));
    assertThat(row.facts())
        .isEqualTo(
            new CloseFacts(
                GoldenRows.hash(0xa2),
                0,
                1_777_600_000,
                0,
                true,
                false,
                null,
                null,
                null,
                null,
                Wei.ZERO,
                Wei.ZERO,
                Wei.ZERO,
                null,
                null,
                0));
  }

  @Test
  void tokensAreCarriedOnlyWhenBothTotalsFit32Bits() {
    assertThat(close(LINES.get(2)).facts().carriedTokens())
        .isEqualTo(new TokenTotals(1200, 4_294_967_295L));
    assertThat(close(LINES.get(3)).facts().carriedTokens()).isNull();
    assertThat(close(LINES.get(3)).facts().modelName()).isEqualTo("\ud83d\ude00 \ud800 é");
  }

  @Test
  void anOpenNeedsItsIdAndTimeOnly() {
    LegacyOpen whole = open(GoldenRows.lines("legacy-opens.ndjson").get(0));
    assertThat(whole.user()).isEqualTo(UserId.of(GoldenRows.address(0xd1)));
    assertThat(whole.provider()).isEqualTo(GoldenRows.address(0xb1));
    assertThat(whole.endsAt()).isEqualTo(1_777_597_200);
    assertThat(whole.stake()).isEqualTo(Wei.parse("1500000000000000000"));
    assertThat(whole.position()).isEqualTo(new LogPosition(45_410_000, 3));

    LegacyOpen bare = open(GoldenRows.lines("legacy-opens.ndjson").get(1));
    assertThat(bare.openedAt()).isEqualTo(1_777_593_601);
    assertThat(bare.endsAt()).isZero();
    assertThat(bare.user()).isNull();
    assertThat(bare.stake()).isEqualTo(Wei.ZERO);
  }

  @Test
  void aWholeTimeWrittenAsADecimalIsATime() {
    String id = "\"sessionId\":\"" + GoldenRows.hash(1) + "\"";

    assertThat(close("{" + id + ",\"closedAt\":1777600000.0}").closedAt()).isEqualTo(1_777_600_000);
    assertThat(close("{" + id + ",\"closedAt\":1.7776e9}").closedAt()).isEqualTo(1_777_600_000);
  }

  @Test
  void aLineWithoutIdOrTimeIsRefused() {
    String id = "\"sessionId\":\"" + GoldenRows.hash(1) + "\"";
    refused("{" + id + "}", "no valid closedAt");
    refused("{" + id + ",\"closedAt\":0}", "no valid closedAt");
    refused("{" + id + ",\"closedAt\":1777600000.5}", "no valid closedAt");
    refused("{" + id + ",\"closedAt\":1777600000000}", "no valid closedAt");
    refused("{" + id + ",\"closedAt\":99999999999999999999}", "no valid closedAt");
    refused("{\"closedAt\":1777600000}", "no valid sessionId");
    refused("{\"sessionId\":\"0x12\",\"closedAt\":1777600000}", "no valid sessionId");
    refused("{" + id + ",\"closedAt\":1777600000", "not JSON");
    refused("{" + id + ",\"closedAt\":1777600000} {}", "not JSON");
    refused("[".repeat(5000), "not JSON");
    refused("", "not a JSON object");
  }

  @Test
  void bytesThatAreNoUtf8AreRefused() {
    byte[] line =
        ("{\"closedAt\":1777600000,\"x\":\"\u00ff\",\"sessionId\":\"" + GoldenRows.hash(1) + "\"}")
            .getBytes(ISO_8859_1);
    assertThatThrownBy(() -> CLOSES.decode(line, 0, line.length, new RowFields()))
        .hasMessage("it is not UTF-8");
  }

  @Test
  void withAKeyOnlyTheUsersValueChanges() {
    UserPrivacy keyed = UserPrivacy.keyed("k");
    UserId wallet = UserId.fromHex("0xabcdef0123456789abcdef0123456789abcdef01");
    String hashed = keyed.stored(wallet).toHex();
    LegacyClose row = close(LINES.get(0));

    LegacyClose stored = (LegacyClose) CLOSES.stored(row, keyed);

    assertThat(stored.line())
        .isEqualTo(row.line().replace("0xAbCdEf0123456789aBcDeF0123456789AbCdEf01", hashed));
    assertThat(stored.facts().user()).isEqualTo(keyed.stored(wallet));
    assertThat(CLOSES.stored(stored, keyed)).isSameAs(stored);
    assertThat(CLOSES.stored(close(LINES.get(1)), keyed)).isEqualTo(close(LINES.get(1)));
  }

  @Test
  void withAKeyEveryWalletOfARepeatedKeyIsHashed() {
    UserPrivacy keyed = UserPrivacy.keyed("k");
    String first = "0x" + "1a".repeat(20);
    String last = "0x" + "2b".repeat(20);
    String line =
        "{\"n\":\"é\ud83d\ude00\",\"user\" : \"%s\",\"user\":null,\"sessionId\":\"%s\",\"closedAt\":1777600000,\"user\":\"%s\",\"user\":7}"
            .formatted(first, GoldenRows.hash(1), last);

    assertThat(((LegacyClose) CLOSES.stored(close(line), keyed)).line())
        .isEqualTo(
            line.replace(first, keyed.stored(UserId.fromHex(first)).toHex())
                .replace(last, keyed.stored(UserId.fromHex(last)).toHex()));
  }

  private static void refused(String line, String why) {
    assertThatThrownBy(() -> close(line))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(why);
  }

  private static LegacyClose close(String line) {
    byte[] bytes = line.getBytes(UTF_8);
    return (LegacyClose) CLOSES.decode(bytes, 0, bytes.length, new RowFields());
  }

  private static LegacyOpen open(String line) {
    byte[] bytes = line.getBytes(UTF_8);
    return (LegacyOpen) OPENS.decode(bytes, 0, bytes.length, new RowFields());
  }
}
