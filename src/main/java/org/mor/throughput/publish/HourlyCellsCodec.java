package org.mor.throughput.publish;

import java.util.List;
import org.mor.throughput.publish.Document.DocumentHead;
import org.mor.throughput.rollup.Granularity;
import org.mor.throughput.rollup.HourlyVolumes.Cell;
import org.mor.throughput.rollup.HourlyVolumes;

/** Volumes by hour, model and provider, column by column. */
final class HourlyCellsCodec {
  private HourlyCellsCodec() {}

  static Document encode(DocumentHead head, HourlyVolumes volumes) {
    return DocumentCodec.write(
        DocumentKeys.HOURLY_CELLS,
        head,
        json -> {
          json.text("firstHour", Granularity.HOUR.label(volumes.firstHour()));
          ColumnsCodec.models(json, volumes.models());
          ColumnsCodec.providers(json, volumes.providers());
          json.object("volumes", () -> write(json, volumes));
        });
  }

  private static void write(DocumentCodec json, HourlyVolumes volumes) {
    List<Cell> cells = volumes.hours().stream().flatMap(List::stream).toList();
    ColumnsCodec.column(json, "perHour", volumes.hours(), List::size);
    ColumnsCodec.column(json, "model", cells, Cell::model);
    ColumnsCodec.column(json, "provider", cells, Cell::provider);
    ColumnsCodec.column(json, "sessionsClosed", cells, Cell::sessions);
    ColumnsCodec.column(json, "tokensReceipt", cells, Cell::tokens);
    ColumnsCodec.column(json, "tokensFlagged", cells, Cell::tokensFlagged);
    ColumnsCodec.column(json, "legacyMilliTokens", cells, Cell::legacyMilliTokens);
    ColumnsCodec.column(json, "sessionSeconds", cells, Cell::seconds);
  }
}
