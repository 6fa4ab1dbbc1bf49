package org.mor.throughput.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.mor.throughput.archive.RowKind;
import org.mor.throughput.archive.Suspect;
import org.mor.throughput.archive.SuspectStore;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.session.Month;

class SuspectTextTest {
  @Test
  void peopleGetTheFirstFewAndTheirCountProgramsGetAll() {
    SuspectStore.Known known = new SuspectStore.Known(suspects(2_000), true);
    ObjectNode json = Report.object();

    SuspectText.add(known, json);
    String line = SuspectText.line(known);

    JsonNode listed = json.path("suspects");
    assertThat(listed.path("count").intValue()).isEqualTo(2_000);
    assertThat(listed.path("hasMore").booleanValue()).isTrue();
    assertThat(listed.path("rows")).hasSize(2_000);
    assertThat(listed.at("/rows/1999/block").longValue()).isEqualTo(2_000);
    assertThat(line)
        .startsWith("more than 2,000 rows")
        .contains("of block 5 (", " and others; next: ")
        .doesNotContain("of block 6 (");
  }

  private static List<Suspect> suspects(long count) {
    return LongStream.rangeClosed(1, count)
        .mapToObj(
            block ->
                new Suspect(
                    RowKind.CLOSES,
                    Month.parse("2026-06"),
                    Hash32.fromHex("0x%064x".formatted(block)),
                    block,
                    Suspect.Why.NO_EVENT))
        .toList();
  }
}
