package org.mor.throughput.verify;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.mor.throughput.chain.ChainReader;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.index.Heads;
import org.mor.throughput.index.IndexSettings;
import org.mor.throughput.index.Patience;
import org.mor.throughput.index.RollupRun.Computed;
import org.mor.throughput.index.StuckCheck;
import org.mor.throughput.publish.Document;
import org.mor.throughput.publish.DocumentDifferenceCodec;
import org.mor.throughput.publish.Documents;
import org.mor.throughput.publish.PublishedStuck;
import org.mor.throughput.rollup.AsOf;
import org.mor.throughput.rollup.StuckSessions;
import org.mor.throughput.session.OpenRow.OpenFacts;

/** Compares the stuck sessions with the chain, or with the rows as far as those decide them. */
final class StuckVerification {
  private final Optional<PublishedStuck> published;
  private final Asked chain;
  private final IndexSettings settings;
  private final Patience patience;

  StuckVerification(
      Optional<PublishedStuck> published, Asked chain, IndexSettings settings, Patience patience) {
    this.published = published;
    this.chain = chain;
    this.settings = settings;
    this.patience = patience;
  }

  /** What the stored document says. */
  Optional<PublishedStuck> published() {
    return published;
  }

  Check check(PublishedDocument found, Recomputations again) {
    Tally tally = new Tally(found.key().value());
    if (!again.isPossible(found, tally)) {
      return tally.finish("it cannot be compared");
    }
    AsOf asOf = found.says().asOf();
    Computed computed = again.at(asOf);
    List<OpenFacts> unclosed = computed.rollup().unclosedOpens();
    Optional<StuckSessions> onChain = chain.ask(reader -> onChain(reader, unclosed, asOf));
    if (onChain.isPresent()) {
      compare(found, Documents.stuckSessions(computed.head(), onChain.get()), tally);
      return tally.finish(again.detail(found) + ", with the chain's word on open sessions");
    }
    return byRows(found, computed, unclosed, again, tally);
  }

  private StuckSessions onChain(ChainReader reader, List<OpenFacts> unclosed, AsOf asOf) {
    long block = Math.max(asOf.block(), Heads.read(reader, settings).safe());
    return new StuckCheck(reader, settings.diamond(), patience).run(unclosed, asOf, block);
  }

  /** Rows decide everything when no session closed without an event and every end is known. */
  private Check byRows(
      PublishedDocument found,
      Computed computed,
      List<OpenFacts> unclosed,
      Recomputations again,
      Tally tally) {
    boolean decided =
        published.map(says -> says.closedWithoutEvent() == 0).orElse(false)
            && unclosed.stream().allMatch(open -> open.endsAt() > 0);
    if (!decided) {
      return Check.notMade(
          found.key().value(), "the rows alone do not decide it, and " + chain.whyNot());
    }
    Map<Hash32, Long> open = new HashMap<>();
    unclosed.forEach(one -> open.put(one.sessionId(), 0L));
    StuckSessions stuck = StuckSessions.of(unclosed, open, found.says().asOf());
    compare(found, Documents.stuckSessions(computed.head(), stuck), tally);
    return tally.finish(again.detail(found) + ", from rows alone: " + chain.whyNot());
  }

  private static void compare(PublishedDocument found, Document expected, Tally tally) {
    DocumentDifferenceCodec.first(found.body(), expected.body())
        .ifPresent(
            field ->
                tally.differs(
                    found.key().value(), field.field(), field.stored(), field.expected()));
  }
}
