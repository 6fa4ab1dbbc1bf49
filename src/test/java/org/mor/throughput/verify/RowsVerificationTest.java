package org.mor.throughput.verify;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.mor.throughput.verify.IndexedStore.CLOSES;
import static org.mor.throughput.verify.IndexedStore.LATER_CLOSES;
import static org.mor.throughput.verify.IndexedStore.OPENS;
import static org.mor.throughput.verify.IndexedStore.check;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.mor.throughput.archive.PartitionAudit.Audited;
import org.mor.throughput.archive.SuspectStore;
import org.mor.throughput.store.CorruptObjectException;
import org.mor.throughput.testing.StoreProbe;
import org.mor.throughput.testing.Worlds;

/** Each way in which stored rows can be wrong, once: it is named, and where it is. */
class RowsVerificationTest {
  private final IndexedStore indexed = IndexedStore.whole();

  @Test
  void aSoundStoreHasNoDifferenceAndNothingIsWritten() {
    var before = StoreProbe.content(indexed.store);
    Verification.Report report = indexed.verify(Worlds.history(), 20);

    assertThat(report.checks())
        .allSatisfy(
            check -> assertThat(check.outcome()).as(check.toString()).isEqualTo(Check.Outcome.OK));
    assertThat(report.differs()).isFalse();
    assertThat(report.trouble()).isEmpty();
    assertThat(report.months().stream().mapToLong(Audited::rows).sum()).isEqualTo(110);
    assertThat(StoreProbe.content(indexed.store)).isEqualTo(before);
  }

  @Test
  void aDroppedOpenIsMissedByItsClose() {
    List<String> lines = indexed.lines(OPENS);
    String session = id(lines.remove(3));
    indexed.putLines(OPENS, lines);

    Verification.Report report = indexed.verifyAlone();

    assertNamed(report, "closes have their opens", CLOSES, session, "a close alone");
    assertThat(check(report, "rollup/daily.json").outcome()).isEqualTo(Check.Outcome.DIFFERS);
  }

  @Test
  void aCloseWithoutItsOpenIsCountedWhereHistoryIsNotScanned() {
    var chain = Worlds.history();
    Verification.Report report =
        new IndexedStore().scanned(chain, 50).published(chain).verifyAlone();

    Check check = check(report, "closes have their opens");
    assertThat(check.outcome()).isEqualTo(Check.Outcome.OK);
    assertThat(check.notes())
        .anySatisfy(note -> assertThat(note).contains("1 closes have no open"));
  }

  @Test
  void anAlteredRowShowsInTheDocuments() {
    List<String> lines = indexed.lines(CLOSES);
    lines.set(0, lines.get(0).replace("\"outputTokens\":200", "\"outputTokens\":201"));
    indexed.putLines(CLOSES, lines);

    assertNamed(indexed.verifyAlone(), "summary.json", "summary.json", "allTime.tokens", "");
  }

  @Test
  void rowsOutOfOrderAreNamedByLine() {
    List<String> lines = indexed.lines(CLOSES);
    Collections.swap(lines, 4, 5);
    indexed.putLines(CLOSES, lines);

    assertNamed(
        indexed.verifyAlone(), "rows are in order", CLOSES + ", line 6", id(lines.get(5)), "block");
  }

  @Test
  void aSessionInTwoMonthsIsNamedWithBoth() {
    List<String> lines = indexed.lines(LATER_CLOSES);
    String row = indexed.lines(CLOSES).get(0);
    lines.add(0, row);
    indexed.putLines(LATER_CLOSES, lines);

    Verification.Report report = indexed.verifyAlone();

    assertNamed(
        report, "each session is there once", LATER_CLOSES, id(row), "in [2026-01, 2026-02]");
    assertNamed(
        report, "rows are in their month", LATER_CLOSES + ", line 1", id(row), "in 2026-01");
    assertThat(check(report, "documents").outcome()).isEqualTo(Check.Outcome.NOT_CHECKED);
  }

  @Test
  void aSessionTwiceInAFileIsNamed() {
    List<String> lines = indexed.lines(CLOSES);
    lines.add(1, lines.get(0));
    indexed.putLines(CLOSES, lines);

    assertNamed(
        indexed.verifyAlone(),
        "each session is there once",
        CLOSES,
        id(lines.get(0)),
        "twice in this file");
  }

  @Test
  void aRowInTheWrongMonthIsNamed() {
    List<String> from = indexed.lines(CLOSES);
    List<String> to = indexed.lines(LATER_CLOSES);
    String row = from.remove(0);
    to.add(0, row);
    indexed.putLines(CLOSES, from);
    indexed.putLines(LATER_CLOSES, to);

    assertNamed(
        indexed.verifyAlone(),
        "rows are in their month",
        LATER_CLOSES + ", line 1",
        id(row),
        "in 2026-02");
  }

  @Test
  void aRowInAnotherSpellingIsNamed() {
    List<String> lines = indexed.lines(CLOSES);
    lines.set(2, lines.get(2).replace("\"schema\":3,", "\"schema\": 3,"));
    indexed.putLines(CLOSES, lines);

    Verification.Report report = indexed.verifyAlone();

    assertNamed(report, "rows are written one way", CLOSES + ", line 3", id(lines.get(2)), "byte");
    assertThat(check(report, "summary.json").outcome()).isEqualTo(Check.Outcome.OK);
  }

  @Test
  void anEmptyLineIsNamed() {
    List<String> lines = indexed.lines(CLOSES);
    lines.add(2, "");
    indexed.putLines(CLOSES, lines);

    assertNamed(indexed.verifyAlone(), "rows are written one way", CLOSES, "its content", "bytes");
  }

  @Test
  void aDamagedPartitionIsNamedAndTheOthersAreReadAllTheSame() {
    byte[] body = indexed.body(CLOSES);
    body[body.length / 2] ^= 0x10;
    indexed.put(CLOSES, body);

    Verification.Report report = indexed.verifyAlone();

    Check check = check(report, "rows can be read");
    assertThat(check.outcome()).isEqualTo(Check.Outcome.DAMAGED);
    assertThat(check.notes()).anySatisfy(note -> assertThat(note).contains(CLOSES));
    assertThat(report.trouble()).containsInstanceOf(CorruptObjectException.class);
    assertThat(report.months()).hasSize(3);
    assertThat(check(report, "documents").detail()).contains("refused", CLOSES);
  }

  @Test
  void aMissedOpenIsNamedByItsNonce() {
    List<String> lines = indexed.lines(OPENS);
    lines.remove(3);
    indexed.putLines(OPENS, lines);

    Verification.Report report = indexed.verify(Worlds.history(), 0);

    assertNamed(
        report, CompletenessVerification.NAME, "raw/opens/", "nonce 3, of the 60", "repair");
    assertNamed(
        report, CompletenessVerification.NAME, "state/proof.json", "kept", "proven with 60");
  }

  @Test
  void aMissedCloseIsMissedByTheContractsSums() {
    List<String> lines = indexed.lines(CLOSES);
    lines.remove(0);
    indexed.putLines(CLOSES, lines);

    Verification.Report report = indexed.verify(Worlds.history(), 0);

    assertNamed(report, CompletenessVerification.NAME, "raw/", "closes up to block 5980", "4950");
  }

  @Test
  void completenessIsNotDecidedWhereHistoryIsNotScanned() {
    var chain = Worlds.history();
    IndexedStore recent = new IndexedStore().scanned(chain, 50).published(chain);

    Check check = check(recent.verify(chain, 0), CompletenessVerification.NAME);

    assertThat(check.outcome()).isEqualTo(Check.Outcome.NOT_CHECKED);
    assertThat(check.detail()).contains("not scanned from the start block");
  }

  @Test
  void aCutPartitionIsDamaged() {
    byte[] body = indexed.body(CLOSES);
    indexed.put(CLOSES, Arrays.copyOf(body, body.length - 3));

    assertThat(check(indexed.verifyAlone(), "rows can be read").outcome())
        .isEqualTo(Check.Outcome.DAMAGED);
  }

  @Test
  void manyDifferencesAreCountedAndTheFirstNamed() {
    List<String> lines = new ArrayList<>(indexed.lines(LATER_CLOSES));
    Collections.reverse(lines);
    indexed.putLines(LATER_CLOSES, lines);

    Check check = check(indexed.verifyAlone(), "rows are in order");

    assertThat(check.count()).isEqualTo(lines.size() - 1L);
    assertThat(check.differences()).hasSize(20);
  }

  @Test
  void suspectRowsAreCountedAndTheFirstNamedAndAreNoDifference() {
    List<String> listed =
        indexed.lines(CLOSES).stream().limit(25).map(RowsVerificationTest::suspect).toList();
    indexed.put(
        SuspectStore.KEY.value(),
        "{\"version\":1,\"hasMore\":false,\"rows\":[%s]}"
            .formatted(String.join(",", listed))
            .getBytes(UTF_8));

    Verification.Report report = indexed.verifyAlone();

    Check check = check(report, Verification.SUSPECTS);
    assertThat(check.outcome()).isEqualTo(Check.Outcome.SUSPECT);
    assertThat(check.count()).isEqualTo(25);
    assertThat(check.notes()).hasSize(21).last().isEqualTo("and 5 more");
    assertThat(check.notes().get(0))
        .contains("session " + id(indexed.lines(CLOSES).get(0)), CLOSES, "without its event");
    assertThat(report.suspectRows()).isEqualTo(25);
    assertThat(report.differs()).isFalse();
    assertThat(report.trouble()).isEmpty();
  }

  @Test
  void aDamagedListOfSuspectsIsNotTakenForNone() {
    indexed.put(SuspectStore.KEY.value(), "{\"version\":1,\"rows\":[{}]}".getBytes(UTF_8));

    Verification.Report report = indexed.verifyAlone();

    assertThat(check(report, Verification.SUSPECTS).outcome()).isEqualTo(Check.Outcome.NOT_CHECKED);
    assertThat(report.trouble()).containsInstanceOf(CorruptObjectException.class);
  }

  private static String suspect(String row) {
    return "{\"kind\":\"closes\",\"month\":\"2026-01\",\"sessionId\":\"%s\",\"block\":7,\"why\":\"no-event\"}"
        .formatted(id(row));
  }

  static void assertNamed(
      Verification.Report report, String name, String where, String what, String stored) {
    assertThat(report.differs()).isTrue();
    assertThat(check(report, name).differences())
        .anySatisfy(
            difference -> {
              assertThat(difference.where()).contains(where);
              assertThat(difference.field().field()).contains(what);
              assertThat(difference.field().stored() + difference.field().expected())
                  .contains(stored);
            });
  }

  static String id(String line) {
    return line.replaceFirst(".*\"sessionId\":\"(0x[0-9a-f]{64})\".*", "$1");
  }
}
