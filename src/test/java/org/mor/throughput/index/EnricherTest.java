package org.mor.throughput.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.mor.throughput.archive.ModelCatalog.ModelInfo;
import org.mor.throughput.chain.BlockRange;
import org.mor.throughput.chain.ChainException.ChainContradictionException;
import org.mor.throughput.chain.ChainException.ChainUnavailableException;
import org.mor.throughput.chain.ContractCall;
import org.mor.throughput.chain.ContractCall.CallResult;
import org.mor.throughput.contract.SessionEvent;
import org.mor.throughput.session.ModelLabel.ModelType;
import org.mor.throughput.testing.FakeChain;

class EnricherTest {
  /** Answers calls for an earlier block for a while, as a node behind its own logs does. */
  private static final class LaggingChain extends FakeChain {
    private int lagging;

    LaggingChain(int lagging) {
      super(500);
      this.lagging = lagging;
    }

    @Override
    public List<CallResult> calls(List<ContractCall> asked, long block) {
      return super.calls(asked, lagging-- > 0 ? 20 : block);
    }
  }

  private final List<Integer> waits = new ArrayList<>();

  @Test
  void aStateBehindTheLogsIsReadAgain() {
    LaggingChain chain = new LaggingChain(2);
    chain.open(1, 1, 1, 10, 3_600).closed(30, 1, 1, 1, 1);
    chain.open(1, 1, 1, 40, 3_600);

    EnrichedRows rows = enrich(chain);

    assertThat(rows.closes()).hasSize(1);
    assertThat(rows.opens()).hasSize(2);
    assertThat(waits).containsExactly(1, 2);
  }

  @Test
  void aStateThatStaysBehindFailsTheRange() {
    LaggingChain chain = new LaggingChain(99);
    chain.open(1, 1, 1, 10, 3_600).closed(30, 1, 1, 1, 1);

    assertThatThrownBy(() -> enrich(chain))
        .isInstanceOf(ChainUnavailableException.class)
        .hasMessageContaining("getSession(")
        .hasMessageContaining("not written yet after 4 attempts");
    assertThat(waits).containsExactly(1, 2, 3);
  }

  @Test
  void aRevertIsNeverAnAbsence() {
    FakeChain chain =
        new FakeChain(500) {
          @Override
          public List<CallResult> calls(List<ContractCall> asked, long block) {
            return asked.stream()
                .<CallResult>map(
                    call -> new CallResult.Reverted(org.mor.throughput.chain.Bytes.EMPTY))
                .toList();
          }
        };
    chain.open(1, 1, 1, 10, 3_600);

    assertThatThrownBy(() -> enrich(chain))
        .isInstanceOf(ChainContradictionException.class)
        .hasMessageContaining("reverted")
        .hasMessageContaining("gas cap for eth_call (geth: --rpc.gascap)")
        .hasMessageContaining("diamond's address");
  }

  @Test
  void anEventThatContradictsTheStateIsRefused() {
    FakeChain chain = new FakeChain(500);
    chain.open(1, 1, 1, 10, 3_600);
    SessionEvent genuine = events(chain).get(0);
    SessionEvent forged =
        new SessionEvent(
            genuine.kind(),
            genuine.sessionId(),
            genuine.provider(),
            genuine.provider(),
            genuine.position(),
            genuine.txHash());

    assertThatThrownBy(() -> enricher(chain).enrich(List.of(forged), 480, 0))
        .isInstanceOf(ChainContradictionException.class)
        .hasMessageContaining("names user");
  }

  @Test
  void bidsAndModelsAreReadOnce() {
    FakeChain chain = new FakeChain(500);
    chain.open(1, 1, 1, 10, 3_600).closed(30, 1, 1, 1, 1);
    chain.open(2, 1, 1, 11, 3_600).closed(31, 1, 1, 1, 1);
    List<SessionEvent> events = events(chain);
    Enricher enricher = enricher(chain);

    enricher.enrich(events, 480, 0);
    int first = chain.asked();
    enricher.enrich(events, 480, 0);

    assertThat(chain.asked() - first).isEqualTo(1);
  }

  @Test
  void aModelThatNoNodeReadsCostsItsNameAndNothingElse() {
    FakeChain chain =
        new FakeChain(500) {
          @Override
          public List<CallResult> calls(List<ContractCall> asked, long block) {
            return asked.stream()
                .map(
                    call ->
                        call.data().toHex().startsWith("0x21e7c498")
                            ? new CallResult.Reverted(org.mor.throughput.chain.Bytes.EMPTY)
                            : super.calls(List.of(call), block).get(0))
                .toList();
          }
        };
    chain.open(1, 1, 1, 10, 3_600).closed(30, 1, 1, 1, 1);

    EnrichedRows rows = enrich(chain);

    assertThat(rows.closes().get(0).modelName()).isEmpty();
    assertThat(rows.models()).as("a known name is not written over").isEmpty();
    assertThat(waits).isEmpty();
  }

  @Test
  void ofAModelsWordsFewAreKeptButItsTypeIsThatOfAll() {
    String[] tags = new String[64];
    for (int i = 0; i < tags.length; i++) {
      tags[i] = i == 63 ? "TTS" : "%02d".formatted(i) + "x".repeat(1_000);
    }
    FakeChain chain = new FakeChain(500).named(1, "n".repeat(100_000)).tagged(1, tags);
    chain.open(1, 1, 1, 10, 3_600).closed(30, 1, 1, 1, 1);

    ModelInfo model = enrich(chain).models().get(0);

    assertThat(model.name()).hasSize(64);
    assertThat(model.tags()).hasSize(16).allMatch(tag -> tag.length() == 64);
    assertThat(model.tags().get(15)).startsWith("15x");
    assertThat(model.type()).isEqualTo(ModelType.TTS);
    assertThat(model.label().type()).isEqualTo(ModelType.TTS);
  }

  private EnrichedRows enrich(FakeChain chain) {
    return enricher(chain).enrich(events(chain), 480, 0);
  }

  private Enricher enricher(FakeChain chain) {
    return new Enricher(chain, FakeChain.DIAMOND, FakeChain.CHAIN_ID, waits::add);
  }

  private static List<SessionEvent> events(FakeChain chain) {
    return new EventReader(chain, FakeChain.DIAMOND).first(new BlockRange(1, 480)).events();
  }
}
