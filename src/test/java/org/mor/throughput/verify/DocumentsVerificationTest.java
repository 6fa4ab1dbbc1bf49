package org.mor.throughput.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mor.throughput.verify.IndexedStore.check;
import static org.mor.throughput.verify.RowsVerificationTest.assertNamed;

import org.junit.jupiter.api.Test;
import org.mor.throughput.chain.ChainException.ChainUnavailableException;
import org.mor.throughput.testing.FakeChain;
import org.mor.throughput.testing.Worlds;

/** Published documents against ones computed again. */
class DocumentsVerificationTest {
  private final IndexedStore indexed = IndexedStore.whole();

  @Test
  void oneDigitOfADocumentIsNamedByItsField() {
    indexed.changeText(
        "rollup/daily.json",
        text -> text.replaceFirst("\"sessionsOpened\":(\\d+)", "\"sessionsOpened\":9$1"));

    VerificationReport report = indexed.verifyAlone();

    assertNamed(
        report,
        "rollup/daily.json",
        "rollup/daily.json",
        "buckets[2026-01-30].sessionsOpened",
        "9");
    assertNamed(
        report, "hashes in summary.json", "summary.json", "documents.rollup/daily.json", "");
    assertThat(check(report, "rollup/hourly.json").outcome()).isEqualTo(Outcome.OK);
  }

  @Test
  void aSummaryWithAnotherHashIsNamed() {
    indexed.changeText(
        "summary.json",
        text -> text.replaceFirst("(\"rollup/weekly.json\":\")[0-9a-f]{4}", "$10000"));

    VerificationReport report = indexed.verifyAlone();

    assertNamed(
        report, "hashes in summary.json", "summary.json", "documents.rollup/weekly.json", "0000");
    assertThat(check(report, "rollup/weekly.json").outcome()).isEqualTo(Outcome.OK);
  }

  @Test
  void aFigureOfTheSummaryIsNamed() {
    indexed.changeText(
        "summary.json", text -> text.replaceFirst("\"lagBlocks\":20", "\"lagBlocks\":2"));

    assertNamed(indexed.verifyAlone(), "summary.json", "summary.json", "lagBlocks", "2");
  }

  @Test
  void aPageThatIsNotThatOfTheSummaryIsNamed() {
    indexed.changeText("summary.html", text -> text.replaceFirst("Wallets", "People"));

    assertNamed(indexed.verifyAlone(), "summary.html", "summary.html", "the page", "other figures");
  }

  @Test
  void aDocumentOfAnotherSpellingIsNamed() {
    indexed.changeText("rollup/weekly.json", text -> text.replaceFirst(",", ", "));

    assertNamed(
        indexed.verifyAlone(), "rollup/weekly.json", "rollup/weekly.json", "equal values", "bytes");
  }

  @Test
  void anotherMomentOfGenerationIsNoDifference() {
    indexed.changeText(
        "stuck-sessions.json",
        text -> text.replace("2026-02-04T00:00:00Z", "2027-01-01T10:00:00Z"));

    VerificationReport report = indexed.verifyAlone();

    assertThat(check(report, "stuck-sessions.json").outcome()).isEqualTo(Outcome.OK);
  }

  @Test
  void whatIsNoDocumentIsNamed() {
    indexed.put("rollup/hourly.json", new byte[] {'{'});

    assertNamed(
        indexed.verifyAlone(),
        "rollup/hourly.json",
        "rollup/hourly.json",
        "the document",
        "no document");
  }

  @Test
  void olderDocumentsAreComputedAsOfTheirOwnBlock() {
    FakeChain early = Worlds.history().head(3_000);
    IndexedStore stale = new IndexedStore().scanned(early, 1).published(early);
    stale.scanned(Worlds.history(), 1);

    VerificationReport report = stale.verify(Worlds.history(), 5);

    assertThat(report.differs()).as(report.checks().toString()).isFalse();
    assertThat(check(report, "rollup/daily.json").detail())
        .contains("its block 2980", "3,000 before");
  }

  @Test
  void anOlderDocumentWithOneOtherDigitIsStillNamed() {
    FakeChain early = Worlds.history().head(3_000);
    IndexedStore stale = new IndexedStore().scanned(early, 1).published(early);
    stale.scanned(Worlds.history(), 1);
    stale.changeText(
        "summary.json", text -> text.replaceFirst("\"tokens\":(\\d)", "\"tokens\":9$1"));

    assertNamed(stale.verifyAlone(), "summary.json", "summary.json", "allTime.tokens", "9");
  }

  @Test
  void aMomentThatNeverWasIsNamedAndNotComputed() {
    indexed.changeText(
        "rollup/monthly.json",
        text -> text.replaceFirst("\"asOfTime\":\"2026", "\"asOfTime\":\"9026"));

    assertNamed(
        indexed.verifyAlone(),
        "rollup/monthly.json",
        "rollup/monthly.json",
        "the moment it speaks of",
        "9026");
  }

  @Test
  void theTimeOfAnOlderBlockIsComparedWithTheChain() {
    FakeChain early = Worlds.history().head(3_000);
    IndexedStore stale = new IndexedStore().scanned(early, 1).published(early);
    stale.scanned(Worlds.history(), 1);
    stale.changeText(
        "rollup/daily.json", text -> text.replaceFirst("(\"asOfTime\":\"[^\"]*)0Z", "$11Z"));

    assertNamed(
        stale.verify(Worlds.history(), 0),
        "rollup/daily.json",
        "rollup/daily.json",
        "asOfTime",
        ":01Z");
  }

  @Test
  void stuckSessionsAreComparedWithTheRowsWithoutAChain() {
    indexed.changeText(
        "stuck-sessions.json", text -> text.replaceFirst("\"over24h\":(\\d)", "\"over24h\":1$1"));

    VerificationReport report = indexed.verifyAlone();

    assertNamed(report, "stuck-sessions.json", "stuck-sessions.json", "byAge.over24h", "1");
    assertThat(check(report, "stuck-sessions.json").detail()).contains("from rows alone");
  }

  @Test
  void stuckSessionsAreComparedWithTheChain() {
    assertThat(check(indexed.verify(Worlds.history(), 0), "stuck-sessions.json").detail())
        .contains("the chain's word");
  }

  @Test
  void aDeadEndpointHidesNoOtherCheck() {
    FakeChain dead =
        new FakeChain(10) {
          @Override
          protected void beforeAnswer() {
            throw new ChainUnavailableException("h.example: nobody there");
          }
        };

    VerificationReport report = indexed.verify(dead, 5);

    assertThat(report.trouble()).containsInstanceOf(ChainUnavailableException.class);
    assertThat(report.differs()).isFalse();
    assertThat(check(report, "summary.json").outcome()).isEqualTo(Outcome.OK);
    assertThat(check(report, "stuck-sessions.json").outcome()).isEqualTo(Outcome.OK);
    assertThat(check(report, SampleVerification.NAME).detail()).contains("nobody there");
  }

  @Test
  void nothingPublishedIsNotChecked() {
    IndexedStore rowsOnly = new IndexedStore().scanned(Worlds.history(), 1);

    VerificationReport report = rowsOnly.verifyAlone();

    assertThat(report.differs()).isFalse();
    assertThat(check(report, "documents").detail()).contains("run rollup");
    assertThat(check(new IndexedStore().verifyAlone(), "documents").detail()).contains("no cursor");
  }
}
