package org.mor.throughput.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.mor.throughput.adapter.rpc.EndpointProbe;
import org.mor.throughput.adapter.rpc.EndpointProbe.Finding.Level;
import org.mor.throughput.chain.BlockHeader;
import org.mor.throughput.chain.Hash32;

class EndpointDoctorTest {
  private static final long NOW = 1_790_000_000;

  @Test
  void anEndpointFarBehindAnotherOneIsNamed() {
    List<Finding> findings =
        EndpointDoctor.findings(
            List.of(endpoint("a", NOW - 5, NOW), endpoint("b", NOW - 500, NOW)));

    assertThat(found(findings, "a", "lag")).isEqualTo("0 s behind the freshest");
    assertThat(found(findings, "b", "lag")).contains("495 s older");
    assertThat(found(findings, "clock", "chain")).isEqualTo("the newest block is 5 s old");
    assertThat(findings).filteredOn(one -> one.level() == Level.ACT).hasSize(1);
  }

  @Test
  void timeSpentOnOneEndpointIsNoLagOfIt() {
    List<Finding> findings =
        EndpointDoctor.findings(
            List.of(endpoint("a", NOW - 2, NOW), endpoint("b", NOW + 88, NOW + 90)));

    assertThat(findings).allSatisfy(one -> assertThat(one.level()).isEqualTo(Level.FINE));
  }

  @Test
  void aClockThatIsWrongEitherWayIsNamed() {
    assertThat(EndpointDoctor.findings(List.of(endpoint("a", NOW + 120, NOW))).get(0).found())
        .contains("120 s in this machine's future");
    assertThat(EndpointDoctor.findings(List.of(endpoint("a", NOW - 4_000, NOW))).get(0).next())
        .contains("clock is ahead");
  }

  @Test
  void withoutAnyHeadThereIsNothingToCompare() {
    EndpointProbe.Probed dead =
        new EndpointProbe.Probed(
            "a", false, Optional.empty(), Instant.ofEpochSecond(NOW), List.of(), 2);

    assertThat(EndpointDoctor.findings(List.of(dead, dead))).isEmpty();
  }

  private static EndpointProbe.Probed endpoint(String host, long headTime, long readAt) {
    BlockHeader head = new BlockHeader(7, Hash32.of(new byte[32]), headTime);
    return new EndpointProbe.Probed(
        host, true, Optional.of(head), Instant.ofEpochSecond(readAt), List.of(), 3);
  }

  private static String found(List<Finding> findings, String subject, String topic) {
    return findings.stream()
        .filter(one -> one.subject().equals(subject) && one.topic().equals(topic))
        .findFirst()
        .orElseThrow()
        .found();
  }
}
