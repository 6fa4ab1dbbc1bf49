package org.mor.throughput.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.mor.throughput.chain.Address;
import org.mor.throughput.chain.Bytes;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.contract.SessionId;
import org.mor.throughput.proof.NonceWalk.OpenIdentity;
import org.mor.throughput.proof.NonceWalk.Progress;
import org.mor.throughput.proof.Proof.ProofState;

class NonceWalkTest {
  private static final Address PROVIDER = Address.fromHex("0x" + "40".repeat(20));
  private static final Hash32 BID = word(77);

  @Test
  void opensInOrderAreProvenOneByOne() {
    NonceWalk walk = walk(opens(0, 300));

    assertThat(walk.progress()).isEqualTo(new Progress(300, 0, 0));
    assertThat(Proof.of(9, walk, 300).state()).isEqualTo(ProofState.PROVEN);
    assertThat(Proof.of(9, walk, 300).state().text()).isEqualTo("proven");
  }

  @Test
  void anyMissingOpenIsNamed() {
    for (int missing = 0; missing < 250; missing++) {
      List<OpenIdentity> opens = opens(0, 250);
      opens.remove(missing);

      Proof proof = Proof.of(9, walk(opens), 250);

      assertThat(proof.state().text()).isEqualTo("gap at nonce " + missing);
      assertThat(proof.state().firstGap()).hasValue(missing);
      assertThat(proof.proven()).isEqualTo(missing);
    }
  }

  @Test
  void ofSeveralMissingOnesTheFirstIsNamed() {
    List<OpenIdentity> opens = opens(0, 250);
    opens.subList(200, 210).clear();
    opens.remove(120);

    assertThat(Proof.of(9, walk(opens), 250).state()).isEqualTo(ProofState.gapAt(120));
  }

  @Test
  void theContractsCountTellsThatTheLatestAreMissing() {
    assertThat(Proof.of(9, walk(opens(0, 10)), 12).state()).isEqualTo(ProofState.gapAt(10));
    assertThat(Proof.of(9, walk(List.of()), 12).state()).isEqualTo(ProofState.gapAt(0));
    assertThat(Proof.of(9, walk(List.of()), 0).state()).isEqualTo(ProofState.PROVEN);
  }

  @Test
  void anOpenOfAnotherChainIsPassedOver() {
    List<OpenIdentity> opens = opens(0, 20);
    opens.add(0, stray(1));
    opens.add(12, stray(2));
    opens.add(stray(3));

    Proof proof = Proof.of(9, walk(opens), 20);

    assertThat(proof.state()).isEqualTo(ProofState.PROVEN);
    assertThat(proof.strays()).isEqualTo(3);
  }

  @Test
  void anOpenWhoseUserNobodyKnowsFitsNothing() {
    List<OpenIdentity> opens = opens(0, 20);
    opens.set(5, new OpenIdentity(opens.get(5).sessionId(), null, PROVIDER, BID));

    assertThat(Proof.of(9, walk(opens), 20).state()).isEqualTo(ProofState.gapAt(5));
  }

  @Test
  void aContractThatMakesIdsByAnotherRuleIsNotApplicable() {
    List<OpenIdentity> others = new ArrayList<>();
    for (int i = 0; i < 150; i++) {
      others.add(stray(i));
    }
    Proof proof = Proof.of(9, walk(others), 150);

    assertThat(proof.state().text()).isEqualTo("not applicable");
    assertThat(proof.proven()).isZero();
  }

  @Test
  void aHoleAtTheStartIsNoOtherRule() {
    assertThat(Proof.of(9, walk(opens(40, 300)), 300).state()).isEqualTo(ProofState.gapAt(0));
  }

  @Test
  void aCountBelowWhatIsProvenIsNoCount() {
    assertThat(Proof.of(9, walk(opens(0, 10)), 9).state()).isEqualTo(ProofState.NOT_APPLICABLE);
  }

  @Test
  void aWalkGoesOnWhereAnotherStood() {
    NonceWalk first = walk(opens(0, 10));
    first.add(stray(1));
    NonceWalk second = new NonceWalk(first.progress());
    opens(10, 20).forEach(second::add);

    assertThat(second.progress()).isEqualTo(new Progress(20, 1, 0));
    assertThat(second.progress().opens()).isEqualTo(21);
  }

  @Test
  void statesReadBackAsTheyAreWritten() {
    for (ProofState state :
        List.of(
            ProofState.PROVEN,
            ProofState.PARTIAL,
            ProofState.NOT_APPLICABLE,
            ProofState.gapAt(0),
            ProofState.gapAt(123_456))) {
      assertThat(ProofState.parse(state.text())).isEqualTo(state);
    }
    assertThatThrownBy(() -> ProofState.parse("gap")).hasMessageContaining("'gap'");
    assertThatThrownBy(() -> ProofState.gapAt(-1)).hasMessageContaining("-1");
    assertThatThrownBy(() -> new Proof(1, 1, ProofState.PROVEN, 3, OptionalLong.of(4), 0))
        .hasMessageContaining("3");
  }

  @Test
  void onlyTheFirstHundredOpensAndTheNoncesGivenOutTellTheRule() {
    for (int strange : new int[] {NonceWalk.CALIBRATION - 1, NonceWalk.CALIBRATION}) {
      List<OpenIdentity> opens = new ArrayList<>();
      for (int i = 0; i < strange; i++) {
        opens.add(stray(i));
      }
      opens.addAll(opens(9, 10));
      assertThat(walk(opens).ruleHolds(10)).isEqualTo(strange < NonceWalk.CALIBRATION);
    }
    assertThat(walk(opens(9, 10)).ruleHolds(10)).isTrue();
    assertThat(walk(opens(9, 10)).ruleHolds(9)).isFalse();
  }

  private static NonceWalk walk(List<OpenIdentity> opens) {
    NonceWalk walk = new NonceWalk(Progress.START);
    opens.forEach(walk::add);
    return walk;
  }

  private static List<OpenIdentity> opens(int from, int to) {
    List<OpenIdentity> opens = new ArrayList<>();
    for (int nonce = from; nonce < to; nonce++) {
      Address user = Address.fromWord(word(1 + nonce % 5));
      opens.add(new OpenIdentity(SessionId.of(user, PROVIDER, BID, nonce), user, PROVIDER, BID));
    }
    return opens;
  }

  private static OpenIdentity stray(int id) {
    return new OpenIdentity(word(1_000_000 + id), Address.fromWord(word(3)), PROVIDER, BID);
  }

  private static Hash32 word(long value) {
    String hex = BigInteger.valueOf(value).toString(16);
    return Hash32.of(Bytes.fromHex("0x" + "0".repeat(64 - hex.length()) + hex).toArray());
  }
}
